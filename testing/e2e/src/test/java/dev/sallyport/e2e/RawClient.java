package dev.sallyport.e2e;

import dev.sallyport.testkit.aws.WireHeader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One connection of a client that hides nothing: what is sent is exactly what the test says, and
 * what comes is kept as it came. Not for concurrent use, but one thread may send while another
 * reads.
 */
final class RawClient implements AutoCloseable {
  private static final int CONTINUE = 100;
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  /** Connects to a port of 127.0.0.1. */
  RawClient(int port) throws IOException {
    this(port, PATIENCE_MILLIS);
  }

  /** The same, for a client that waits so long for each piece of an answer. */
  RawClient(int port, int patienceMillis) throws IOException {
    socket.connect(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MILLIS);
    socket.setSoTimeout(patienceMillis);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    out = socket.getOutputStream();
  }

  /**
   * An answer as it came.
   *
   * @param body without the framing of chunks
   */
  // The bytes are what the test is about, and nobody changes them.
  @SuppressWarnings("ArrayRecordComponent")
  record Got(int status, List<WireHeader> headers, byte[] body) {
    /** All values of a header, whatever its case. */
    List<String> all(String name) {
      return headers.stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .map(WireHeader::value)
          .toList();
    }

    /** The body as text. */
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Sends bytes as they are. */
  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Sends text as it is; lines end as the text says. */
  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Says that nothing more will be sent; answers can still be read. */
  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Reads the interim answer that a client waits for before it sends its body. */
  void awaitContinue() throws IOException {
    Got interim = head();
    if (interim.status() != CONTINUE || !interim.headers().isEmpty()) {
      throw new AssertionError("no plain 100 Continue but " + interim);
    }
  }

  /** Reads one answer; an interim one is an error. */
  Got read() throws IOException {
    Got head = head();
    if (head.status() == CONTINUE) {
      throw new AssertionError("a 100 Continue that nobody asked for");
    }
    List<String> lengths = head.all("Content-Length");
    List<String> encodings = head.all("Transfer-Encoding");
    if (lengths.size() + encodings.size() > 1) {
      throw new AssertionError("an answer with two framings: " + head.headers());
    }
    return new Got(head.status(), head.headers(), body(lengths, encodings));
  }

  private byte[] body(List<String> lengths, List<String> encodings) throws IOException {
    if (!lengths.isEmpty()) {
      return exactly(Integer.parseInt(lengths.getFirst()));
    }
    if (encodings.isEmpty()) {
      return in.readAllBytes();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(), 16);
      body.writeBytes(exactly(size));
      if (!line().isEmpty()) {
        throw new AssertionError("a chunk does not end where its size says");
      }
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  /** Whether the other side has ended the connection, with nothing more before that. */
  boolean ended() throws IOException {
    return in.read() < 0;
  }

  private Got head() throws IOException {
    String[] words = line().split(" ", 3);
    if (!words[0].equals("HTTP/1.1")) {
      throw new AssertionError("no status line: " + String.join(" ", words));
    }
    List<WireHeader> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.add(new WireHeader(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return new Got(Integer.parseInt(words[1]), headers, new byte[0]);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer ends after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    return optionalLine().orElseThrow(() -> new EOFException("the connection ended"));
  }

  private Optional<String> optionalLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
          throw new AssertionError("a line without CR LF: " + text);
        }
        return Optional.of(text.substring(0, text.length() - 1));
      }
      line.write(next);
    }
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
