package dev.sallyport.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/// An upstream on raw sockets: keeps the exact bytes of what came and answers with exactly the
/// bytes of its script, or does with the socket whatever the script does.
public final class ScriptedUpstream implements AutoCloseable {
  /// One request as it came.
  @SuppressWarnings("ArrayRecordComponent")
  public record Seen(String head, byte[] body, int connection) {
    public Optional<String> header(String name) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst();
    }
  }

  /// What to do after a request came.
  public interface Script {
    /// @param socket the bare one, also below TLS: what is done with it is done without a word
    /// @param out where answers go
    /// @return whether the connection goes on
    boolean play(Seen seen, Socket socket, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final Optional<SSLSocketFactory> tls;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  public final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  public volatile Script script = ok("{}");

  /// Requests of which a byte came, also those that were never whole.
  public final AtomicInteger begun = new AtomicInteger();

  /// After so many bytes of a request the connection is reset.
  public volatile int requestBytes = Integer.MAX_VALUE;

  public ScriptedUpstream() throws IOException {
    this(Optional.empty());
  }

  /// Speaks TLS.
  public ScriptedUpstream(SSLContext tls) throws IOException {
    this(Optional.of(tls.getSocketFactory()));
  }

  private ScriptedUpstream(Optional<SSLSocketFactory> tls) throws IOException {
    this.tls = tls;
    server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  public int connections() {
    return connections.get();
  }

  /// How many connections there are now.
  public int open() {
    return open.get();
  }

  /// A JSON answer with the headers of DynamoDB.
  public static Script ok(String body) {
    return bytes(
        "HTTP/1.1 200 OK\r\nServer: Server\r\nx-amzn-RequestId: REQ1\r\nx-amz-crc32: 7\r\n"
            + "Content-Type: application/x-amz-json-1.0\r\nX-Internal: secret\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  /// Exactly these bytes.
  public static Script bytes(String text) {
    return (seen, socket, out) -> {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return true;
    };
  }

  /// Closes what is open, and goes on taking new connections.
  public void dropConnections() {
    for (var socket : sockets) {
      closeQuietly(socket);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    dropConnections();
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        int number = connections.incrementAndGet();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket, number));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket, int number) {
    open.incrementAndGet();
    try (socket;
        var talk = tls.isEmpty() ? socket : overTls(socket, tls.get())) {
      var in = new Breaking(talk.getInputStream(), socket);
      boolean more = true;
      while (more) {
        in.nextRequest();
        var head = head(in);
        if (head.isEmpty()) {
          return;
        }
        var partial = new Seen(head, new byte[0], number);
        int length = partial.header("Content-Length").map(Integer::parseInt).orElse(0);
        var whole = new Seen(head, in.readNBytes(length), number);
        seen.add(whole);
        more = script.play(whole, socket, talk.getOutputStream());
      }
    } catch (IOException e) {
      // The other end left.
    } finally {
      open.decrementAndGet();
    }
  }

  private static Socket overTls(Socket socket, SSLSocketFactory tls) throws IOException {
    return tls.createSocket(socket, InputStream.nullInputStream(), true);
  }

  /// Resets a connection; what was written is not sure to arrive.
  public static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /// Counts the bytes of a request, and breaks off where it is told to.
  private final class Breaking extends FilterInputStream {
    private final Socket socket;
    private int count;

    Breaking(InputStream in, Socket socket) {
      super(new BufferedInputStream(in));
      this.socket = socket;
    }

    void nextRequest() {
      count = 0;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      if (next >= 0 && count++ == 0) {
        begun.incrementAndGet();
      }
      if (count >= requestBytes) {
        ScriptedUpstream.reset(socket);
        throw new IOException("reset");
      }
      return next;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (requestBytes == Integer.MAX_VALUE) {
        return super.read(bytes, from, length);
      }
      int next = length == 0 ? 0 : read();
      if (next >= 0 && length > 0) {
        bytes[from] = (byte) next;
      }
      return next < 0 ? -1 : Math.min(1, length);
    }
  }

  private static String head(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      bytes.write(next);
      var text = bytes.toString(StandardCharsets.ISO_8859_1);
      if (text.endsWith("\r\n\r\n")) {
        return text;
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Gone already.
    }
  }
}
