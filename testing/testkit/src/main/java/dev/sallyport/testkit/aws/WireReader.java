package dev.sallyport.testkit.aws;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Reads requests from one connection, strictly: what is not plain HTTP/1.1 is an [IOException],
/// and the end.
final class WireReader {

  private static final int HEAD_BYTES_MAX = 128 * 1024;
  private static final int BODY_BYTES_MAX = 32 * 1024 * 1024;
  private static final int LINE_BYTES_MAX = 64 * 1024;

  private final long connection;
  private final InputStream in;
  private final OutputStream out;

  WireReader(long connection, InputStream in, OutputStream out) {
    this.connection = connection;
    this.in = in;
    this.out = out;
  }

  /// The next request; empty when the client closed the connection between two.
  Optional<WireRequest> next() throws IOException {
    Optional<String> start = line(true);
    if (start.isEmpty()) {
      return Optional.empty();
    }
    String[] words = start.get().split(" ", -1);
    if (words.length != 3 || !words[2].equals("HTTP/1.1") || !words[1].startsWith("/")) {
      throw new IOException("no HTTP/1.1 request line");
    }
    List<WireHeader> headers = headers();
    int mark = words[1].indexOf('?');
    String path = mark < 0 ? words[1] : words[1].substring(0, mark);
    String query = mark < 0 ? "" : words[1].substring(mark + 1);
    WireRequest head = new WireRequest(connection, words[0], path, query, headers, new byte[0]);
    return Optional.of(new WireRequest(connection, words[0], path, query, headers, body(head)));
  }

  private List<WireHeader> headers() throws IOException {
    List<WireHeader> headers = new ArrayList<>();
    int size = 0;
    while (true) {
      String line = line(false).orElseThrow(EOFException::new);
      if (line.isEmpty()) {
        return headers;
      }
      size += line.length();
      int colon = line.indexOf(':');
      boolean folded = line.charAt(0) == ' ' || line.charAt(0) == '\t';
      if (size > HEAD_BYTES_MAX || colon <= 0 || folded || line.charAt(colon - 1) == ' ') {
        throw new IOException("no header line");
      }
      headers.add(new WireHeader(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
  }

  private byte[] body(WireRequest head) throws IOException {
    List<String> lengths = head.all("Content-Length");
    List<String> encodings = head.all("Transfer-Encoding");
    if (lengths.size() + encodings.size() > 1) {
      throw new IOException("two framings");
    }
    if (lengths.isEmpty() && encodings.isEmpty()) {
      return new byte[0];
    }
    if (head.says("Expect", "100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
    if (!encodings.isEmpty()) {
      if (!encodings.getFirst().equalsIgnoreCase("chunked")) {
        throw new IOException("unknown transfer encoding");
      }
      return chunks();
    }
    if (!lengths.getFirst().matches("[0-9]{1,9}")) {
      throw new IOException("no length");
    }
    return exactly(Integer.parseInt(lengths.getFirst()));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(false).orElseThrow(EOFException::new);
      if (!size.matches("[0-9a-fA-F]{1,7}")) {
        throw new IOException("no chunk size");
      }
      int length = HexFormat.fromHexDigits(size);
      if (length == 0) {
        headers();
        return body.toByteArray();
      }
      body.writeBytes(exactly(length));
      if (body.size() > BODY_BYTES_MAX || !line(false).orElseThrow(EOFException::new).isEmpty()) {
        throw new IOException("chunk does not end");
      }
    }
  }

  private byte[] exactly(int length) throws IOException {
    if (length > BODY_BYTES_MAX) {
      throw new IOException("body too long");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("body ends early");
    }
    return bytes;
  }

  /// One line without its end; empty at the end of the stream, where that is allowed.
  private Optional<String> line(boolean endAllowed) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    while (line.size() < LINE_BYTES_MAX) {
      int next = in.read();
      if (next < 0) {
        if (endAllowed && line.size() == 0) {
          return Optional.empty();
        }
        throw new EOFException("line ends early");
      }
      if (next == '\n') {
        throw new IOException("bare line feed");
      }
      if (next == '\r') {
        if (in.read() != '\n') {
          throw new IOException("bare carriage return");
        }
        return Optional.of(line.toString(StandardCharsets.ISO_8859_1));
      }
      line.write(next);
    }
    throw new IOException("line too long");
  }
}
