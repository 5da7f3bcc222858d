package dev.sallyport.tsh.localproxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// What stands behind the tunnel in these tests: a socket whose script reads requests and writes
/// answers byte by byte.
final class ScriptedUpstream implements AutoCloseable {
  final List<Received> received = new CopyOnWriteArrayList<>();
  final List<Socket> sockets = new CopyOnWriteArrayList<>();
  final AtomicInteger heads = new AtomicInteger();
  final AtomicInteger accepted = new AtomicInteger();
  private final ServerSocket server;
  private volatile Script script = ScriptedUpstream::echo;

  /// One request as it arrived.
  record Received(String head, String text, Socket socket) {
    byte[] body() {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    String header(String name) {
      return head.lines()
          .filter(
              line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }

  /// Answers one request; false ends the connection.
  interface Script {
    boolean answer(Received request, OutputStream out) throws IOException;
  }

  ScriptedUpstream() throws IOException {
    server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  void script(Script next) {
    script = next;
  }

  long openSockets() {
    return sockets.stream().filter(socket -> !socket.isClosed()).count();
  }

  static boolean echo(Received request, OutputStream out) throws IOException {
    respond(out, request.body(), "");
    return true;
  }

  static void respond(OutputStream out, byte[] body, String headers) throws IOException {
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(
        ("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nx-amzn-RequestId: R1\r\n"
                + headers
                + "Content-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    whole.writeBytes(body);
    out.write(whole.toByteArray());
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        accepted.incrementAndGet();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = socket.getInputStream();
      while (true) {
        var request = read(in, socket, heads::incrementAndGet);
        received.add(request);
        if (!script.answer(request, socket.getOutputStream())) {
          return;
        }
      }
    } catch (IOException e) {
      // the peer ended it
    }
  }

  static Received read(InputStream in, Socket socket) throws IOException {
    return read(in, socket, () -> {});
  }

  private static Received read(InputStream in, Socket socket, Runnable headSeen)
      throws IOException {
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) next(in));
    }
    headSeen.run();
    var request = new Received(head.toString(), "", socket);
    if (request.header("transfer-encoding").equals("chunked")) {
      return new Received(head.toString(), latin1(chunks(in)), socket);
    }
    var length = request.header("content-length");
    var body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
    if (!length.isEmpty() && body.length < Integer.parseInt(length)) {
      throw new EOFException("body cut");
    }
    return new Received(head.toString(), latin1(body), socket);
  }

  private static String latin1(byte[] body) {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      var size = Integer.parseInt(line(in), 16);
      body.writeBytes(in.readNBytes(size));
      line(in);
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    while (!line.toString().endsWith("\r\n")) {
      line.append((char) next(in));
    }
    return line.substring(0, line.length() - 2);
  }

  private static int next(InputStream in) throws IOException {
    var b = in.read();
    if (b < 0) {
      throw new EOFException();
    }
    return b;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
