package dev.sallyport.bench.chain;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Time from the moment at which a lock is acknowledged to the first request refused for it, on a
/// connection that is open and busy.
final class LockToRefusal {
  private static final int TIMES = 5;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final double MILLI = 1e6;
  private static final int READ_MAX = 4096;

  private LockToRefusal() {}

  static List<Figure> measure(SallyportChain chain) throws IOException, InterruptedException {
    var times = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      times[i] = once(chain);
    }
    return List.of(
        new Figure("lock acknowledged to request refused", "ms", Results.Spread.of(times)));
  }

  private static double once(SallyportChain chain) throws IOException, InterruptedException {
    var target = chain.target();
    var request = Workload.Request.GET_SMALL.bytes(target.host());
    try (var socket = new Socket(Surroundings.LOOPBACK, target.port())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(10_000);
      awaitAllowed(socket, request);
      var acknowledged = new long[1];
      var locking = Thread.ofPlatform().start(() -> acknowledged[0] = chain.lock());
      long refused = 0;
      while (refused == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
        if (!allowed(socket, request)) {
          refused = System.nanoTime();
        }
      }
      locking.join();
      return Math.max(0, refused - acknowledged[0]) / MILLI;
    } finally {
      chain.unlock();
    }
  }

  /// An earlier lock may still be in force for a moment.
  private static void awaitAllowed(Socket socket, byte[] request) throws IOException {
    while (!allowed(socket, request)) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static boolean allowed(Socket socket, byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    return answer(socket.getInputStream()).startsWith("HTTP/1.1 200 ");
  }

  /// Reads one answer whose length is told, as all of ours are.
  private static String answer(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0 && text.length() < READ_MAX) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed by the far side after: " + text);
      }
      text.append((char) next);
    }
    var head = text.toString();
    int length = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
    int from = length + "content-length: ".length();
    int bytes = Integer.parseInt(head.substring(from, head.indexOf('\r', from)));
    var body = new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
    return head + body;
  }
}
