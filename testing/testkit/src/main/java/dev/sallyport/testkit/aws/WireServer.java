package dev.sallyport.testkit.aws;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/// A small HTTP/1.1 server that changes nothing: headers and bodies go in and out exactly as said.
/// Keep-alive, pipelining, chunks and `Expect: 100-continue` work. One virtual thread a connection,
/// on loopback only.
public final class WireServer implements AutoCloseable {

  private static final int BACKLOG = 1024;

  private final ServerSocket listener;
  private final Optional<SSLContext> tls;
  private final Function<WireRequest, WireResponse> handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong connections = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);

  private WireServer(
      ServerSocket listener,
      Optional<SSLContext> tls,
      Function<WireRequest, WireResponse> handler) {
    this.listener = listener;
    this.tls = tls;
    this.handler = handler;
  }

  /// Listens on a free port of 127.0.0.1.
  ///
  /// @param tls when the server shall speak HTTPS
  /// @param handler called by many threads at once
  public static WireServer start(
      Optional<SSLContext> tls, Function<WireRequest, WireResponse> handler) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), BACKLOG);
    WireServer server = new WireServer(listener, tls, handler);
    Thread.ofVirtual().name("stand-in-accept").start(server::accept);
    return server;
  }

  /// The port that it listens on.
  public int port() {
    return listener.getLocalPort();
  }

  /// How many connections were ever made.
  public long connections() {
    return connections.get();
  }

  /// How many connections there are.
  public int openConnections() {
    return open.size();
  }

  /// Resets every connection there is, as a crash would; new ones are taken.
  public void cutAll() {
    open.forEach(WireServer::reset);
  }

  @Override
  public void close() {
    closed.countDown();
    closeQuietly(listener);
    cutAll();
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().name("stand-in-connection").start(() -> serve(socket));
      } catch (IOException end) {
        // Closed, or a connection that was gone before it was taken.
      }
    }
  }

  private void serve(Socket accepted) {
    Socket socket = accepted;
    try {
      accepted.setTcpNoDelay(true);
      if (tls.isPresent()) {
        socket =
            tls.get().getSocketFactory().createSocket(accepted, accepted.getInputStream(), true);
      }
      long connection = connections.incrementAndGet();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      WireReader reader = new WireReader(connection, in, out);
      boolean more = true;
      while (more) {
        Optional<WireRequest> request = reader.next();
        more = request.isPresent() && answer(request.get(), accepted, out);
      }
    } catch (IOException gone) {
      // The client left, or sent what is no HTTP: it has the answer, if there was one to give.
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } finally {
      closeQuietly(socket);
      closeQuietly(accepted);
      open.remove(accepted);
    }
  }

  /// Whether the connection goes on.
  private boolean answer(WireRequest request, Socket socket, OutputStream out)
      throws IOException, InterruptedException {
    return switch (handler.apply(request)) {
      case WireResponse.Answer answer -> {
        boolean ended = closed.await(answer.delay().toNanos(), TimeUnit.NANOSECONDS);
        out.write(bytes(answer));
        out.flush();
        yield !ended
            && answer.framing() != WireResponse.Framing.UNTIL_CLOSE
            && !request.says("Connection", "close");
      }
      case WireResponse.Cut cut -> {
        byte[] bytes = bytes(cut.answer());
        out.write(bytes, 0, Math.min(bytes.length, cut.bytes()));
        out.flush();
        // What was sent is still in flight: a reset would take it back.
        if (cut.bytes() == 0) {
          reset(socket);
        }
        yield false;
      }
    };
  }

  private static byte[] bytes(WireResponse.Answer answer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(answer.body().length + 512);
    text(bytes, "HTTP/1.1 " + answer.status() + " " + reason(answer.status()) + "\r\n");
    for (WireHeader header : answer.headers()) {
      text(bytes, header.name() + ": " + header.value() + "\r\n");
    }
    switch (answer.framing()) {
      case LENGTH -> {
        text(bytes, "Content-Length: " + answer.body().length + "\r\n\r\n");
        bytes.writeBytes(answer.body());
      }
      case CHUNKED -> {
        text(bytes, "Transfer-Encoding: chunked\r\n\r\n");
        if (answer.body().length > 0) {
          text(bytes, Integer.toHexString(answer.body().length) + "\r\n");
          bytes.writeBytes(answer.body());
          text(bytes, "\r\n");
        }
        text(bytes, "0\r\n\r\n");
      }
      case UNTIL_CLOSE -> {
        text(bytes, "Connection: close\r\n\r\n");
        bytes.writeBytes(answer.body());
      }
    }
    return bytes.toByteArray();
  }

  private static void text(ByteArrayOutputStream to, String text) {
    to.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 413 -> "Payload Too Large";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Status";
    };
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException gone) {
      // Already closed.
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception gone) {
      // Nobody is left to tell.
    }
  }
}
