package dev.sallyport.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
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
import javax.net.ServerSocketFactory;

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
    /// @return whether the connection goes on
    boolean play(Seen seen, Socket socket, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  public final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  public volatile Script script = ok("{}");

  public ScriptedUpstream() throws IOException {
    this(ServerSocketFactory.getDefault());
  }

  public ScriptedUpstream(ServerSocketFactory sockets) throws IOException {
    server = sockets.createServerSocket(0, 500, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  public int connections() {
    return connections.get();
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
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      boolean more = true;
      while (more) {
        var head = head(in);
        if (head.isEmpty()) {
          return;
        }
        var partial = new Seen(head, new byte[0], number);
        int length = partial.header("Content-Length").map(Integer::parseInt).orElse(0);
        var whole = new Seen(head, in.readNBytes(length), number);
        seen.add(whole);
        more = script.play(whole, socket, socket.getOutputStream());
      }
    } catch (IOException e) {
      // The other end left.
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
