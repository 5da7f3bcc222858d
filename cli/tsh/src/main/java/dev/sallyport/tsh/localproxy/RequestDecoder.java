package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import dev.sallyport.sigv4.Header;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads HTTP/1.x requests, and nothing that two readers could understand in two ways.
///
/// Emits a {@link RequestHead}, then contents of which the last is a {@link LastHttpContent}; or
/// one {@link DynamoDbError} that says what was wrong, after which everything that still comes is
/// thrown away. Stricter than RFC 9112 wherever that lets a reader be lenient: no bare LF, no
/// folding, no chunk extension, no trailer, no `Transfer-Encoding` beside `Content-Length`, no
/// empty line before a request.
///
/// ```
/// HEAD ──▶ SIZED ──▶ HEAD            any fault ──▶ DEAD
///   └────▶ CHUNK_SIZE ──▶ CHUNK_DATA ──▶ CHUNK_END ──▶ CHUNK_SIZE
///               └──▶ LAST_LINE ──▶ HEAD
/// ```
final class RequestDecoder extends ByteToMessageDecoder {
  private static final int CHUNK_LINE_BYTES_MAX = 10;
  private static final int HEADERS_MAX = 100;
  private static final int LENGTH_DIGITS_MAX = 12;
  private static final String NO_CHUNK_SIZE =
      "a chunk must begin with its size in hexadecimal, and nothing else";
  private static final String CHUNK_TOO_LONG = "a chunk is longer than the size it gave";
  private static final String NO_TRAILERS = "trailers are not taken";

  private State state = State.HEAD;
  private long left;
  private long bodyBytes;
  private int scanned;
  private int lineStart;
  private boolean partial;

  private enum State {
    HEAD,
    SIZED,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    LAST_LINE,
    DEAD
  }

  RequestDecoder() {
    setCumulator(MERGE_CUMULATOR);
  }

  /// Whether the beginning of a request is here, but not yet its whole head.
  boolean holdsPartialHead() {
    return partial;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    try {
      step(in, out);
    } catch (Malformed e) {
      state = State.DEAD;
      in.skipBytes(in.readableBytes());
      out.add(e.answer);
    }
    partial = state == State.HEAD && in.isReadable();
  }

  @Override
  protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.isReadable()) {
      decode(context, in, out);
    }
  }

  private void step(ByteBuf in, List<Object> out) throws Malformed {
    switch (state) {
      case HEAD -> head(in, out);
      case SIZED -> sized(in, out);
      case CHUNK_SIZE -> chunkSize(in);
      case CHUNK_DATA -> chunkData(in, out);
      case CHUNK_END -> chunkEnd(in);
      case LAST_LINE -> lastLine(in, out);
      case DEAD -> in.skipBytes(in.readableBytes());
    }
  }

  private void head(ByteBuf in, List<Object> out) throws Malformed {
    var end = headEnd(in);
    if (end < 0) {
      if (in.readableBytes() > LocalProxyLimits.HEAD_BYTES_MAX) {
        throw headTooLarge();
      }
      return;
    }
    if (end - in.readerIndex() > LocalProxyLimits.HEAD_BYTES_MAX) {
      throw headTooLarge();
    }
    scanned = 0;
    var text = in.readCharSequence(end - in.readerIndex(), StandardCharsets.ISO_8859_1).toString();
    var head = parse(text);
    out.add(head);
    bodyBytes = 0;
    if (head.chunked()) {
      state = State.CHUNK_SIZE;
    } else if (head.bodyBytes() == 0) {
      out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      left = head.bodyBytes();
      state = State.SIZED;
    }
  }

  /// Index after the empty line, -1 while it has not come. Looks at each byte once, and refuses a
  /// lone LF or CR when it sees it rather than when the head is whole.
  private int headEnd(ByteBuf in) throws Malformed {
    var start = in.readerIndex();
    var end = Math.min(in.writerIndex(), start + LocalProxyLimits.HEAD_BYTES_MAX + 1);
    while (true) {
      var line = start + lineStart;
      var from = start + Math.max(scanned, lineStart);
      var lineEnd = in.indexOf(from, end, (byte) '\n');
      // A CR seen last time may have been the last byte then.
      checkReturns(in, Math.max(line, from - 1), lineEnd < 0 ? end : lineEnd);
      if (lineEnd < 0) {
        scanned = end - start;
        return -1;
      }
      if (lineEnd == line || in.getByte(lineEnd - 1) != '\r') {
        throw malformed("a line must end with CR LF");
      }
      if (lineEnd == line + 1) {
        if (lineStart == 0) {
          throw malformed("an empty line stands before the request line");
        }
        lineStart = 0;
        return lineEnd + 1;
      }
      lineStart = lineEnd + 1 - start;
    }
  }

  /// A CR may only be the last byte before `end`.
  private static void checkReturns(ByteBuf in, int from, int end) throws Malformed {
    var carriageReturn = in.indexOf(from, end, (byte) '\r');
    if (carriageReturn >= 0 && carriageReturn != end - 1) {
      throw malformed("a carriage return stands inside a line");
    }
  }

  private static RequestHead parse(String text) throws Malformed {
    var lineEnd = text.indexOf("\r\n");
    var line = text.substring(0, lineEnd);
    var first = line.indexOf(' ');
    var last = line.lastIndexOf(' ');
    if (first <= 0 || last == first || line.indexOf(' ', first + 1) != last) {
      throw malformed("the request line must be METHOD TARGET VERSION");
    }
    var method = line.substring(0, first);
    var target = line.substring(first + 1, last);
    if (!Header.isToken(method) || target.isEmpty() || !isVisibleAscii(target)) {
      throw malformed("the request line holds characters that do not belong there");
    }
    var minor = minorVersion(line.substring(last + 1));
    var headers = headers(text, lineEnd + 2);
    return new RequestHead(method, target, minor, headers, framing(headers, minor));
  }

  private static int minorVersion(String version) throws Malformed {
    return switch (version) {
      case "HTTP/1.1" -> 1;
      case "HTTP/1.0" -> 0;
      default -> throw new Malformed(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    };
  }

  private static List<HeaderLine> headers(String text, int from) throws Malformed {
    var headers = new ArrayList<HeaderLine>(16);
    var at = from;
    while (true) {
      var end = text.indexOf("\r\n", at);
      if (end == at) {
        return headers;
      }
      if (headers.size() == HEADERS_MAX) {
        throw new Malformed(431, "the request has more than " + HEADERS_MAX + " headers");
      }
      headers.add(header(text, at, end));
      at = end + 2;
    }
  }

  private static HeaderLine header(String text, int start, int end) throws Malformed {
    var colon = text.indexOf(':', start);
    if (colon < 0 || colon >= end) {
      throw malformed("a header line has no colon");
    }
    var name = text.substring(start, colon);
    if (!Header.isToken(name)) {
      throw malformed("a header name holds characters that do not belong there");
    }
    var value = trimmed(text, colon + 1, end);
    for (int i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw malformed("a header value holds a control character");
      }
    }
    return new HeaderLine(name, value);
  }

  private static String trimmed(String text, int start, int end) {
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static long framing(List<HeaderLine> headers, int minorVersion) throws Malformed {
    String length = null;
    String encoding = null;
    for (var header : headers) {
      if (header.is("content-length")) {
        if (length != null) {
          throw malformed("Content-Length is given more than once");
        }
        length = header.value();
      } else if (header.is("transfer-encoding")) {
        if (encoding != null) {
          throw malformed("Transfer-Encoding is given more than once");
        }
        encoding = header.value();
      }
    }
    return framing(length, encoding, minorVersion);
  }

  private static long framing(@Nullable String length, @Nullable String encoding, int minorVersion)
      throws Malformed {
    if (encoding != null) {
      if (length != null) {
        throw malformed("Content-Length and Transfer-Encoding exclude each other");
      }
      if (minorVersion == 0 || !encoding.equalsIgnoreCase("chunked")) {
        throw malformed("the only transfer encoding understood here is chunked, in HTTP/1.1");
      }
      return RequestHead.CHUNKED;
    }
    if (length == null) {
      return 0;
    }
    if (!isDigits(length)) {
      throw malformed("Content-Length must be a number");
    }
    if (length.length() > LENGTH_DIGITS_MAX) {
      throw new Malformed(LocalAnswers.bodyTooLarge());
    }
    var bytes = Long.parseLong(length);
    if (bytes > LocalProxyLimits.BODY_BYTES_MAX) {
      throw new Malformed(LocalAnswers.bodyTooLarge());
    }
    return bytes;
  }

  private void sized(ByteBuf in, List<Object> out) {
    if (!in.isReadable()) {
      return;
    }
    var size = (int) Math.min(left, in.readableBytes());
    out.add(new DefaultHttpContent(in.readRetainedSlice(size)));
    left -= size;
    if (left == 0) {
      out.add(LastHttpContent.EMPTY_LAST_CONTENT);
      state = State.HEAD;
    }
  }

  private void chunkSize(ByteBuf in) throws Malformed {
    var line = shortLine(in, NO_CHUNK_SIZE);
    if (line == null) {
      return;
    }
    if (line.isEmpty() || line.length() > CHUNK_LINE_BYTES_MAX - 2 || !isHex(line)) {
      throw malformed(NO_CHUNK_SIZE);
    }
    left = Long.parseLong(line, 16);
    bodyBytes += left;
    if (bodyBytes > LocalProxyLimits.BODY_BYTES_MAX) {
      throw new Malformed(LocalAnswers.bodyTooLarge());
    }
    state = left == 0 ? State.LAST_LINE : State.CHUNK_DATA;
  }

  private void chunkData(ByteBuf in, List<Object> out) {
    if (!in.isReadable()) {
      return;
    }
    var size = (int) Math.min(left, in.readableBytes());
    out.add(new DefaultHttpContent(in.readRetainedSlice(size)));
    left -= size;
    if (left == 0) {
      state = State.CHUNK_END;
    }
  }

  private void chunkEnd(ByteBuf in) throws Malformed {
    var line = shortLine(in, CHUNK_TOO_LONG);
    if (line == null) {
      return;
    }
    if (!line.isEmpty()) {
      throw malformed(CHUNK_TOO_LONG);
    }
    state = State.CHUNK_SIZE;
  }

  private void lastLine(ByteBuf in, List<Object> out) throws Malformed {
    var line = shortLine(in, NO_TRAILERS);
    if (line == null) {
      return;
    }
    if (!line.isEmpty()) {
      throw malformed(NO_TRAILERS);
    }
    out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    state = State.HEAD;
  }

  /// The next line without its end, null while it has not come.
  ///
  /// @param tooLong what is wrong with one that is longer than any we take
  private static @Nullable String shortLine(ByteBuf in, String tooLong) throws Malformed {
    var start = in.readerIndex();
    var end = Math.min(in.writerIndex(), start + CHUNK_LINE_BYTES_MAX);
    for (int i = start; i < end; i++) {
      if (in.getByte(i) == '\n') {
        if (i == start || in.getByte(i - 1) != '\r') {
          throw malformed("a line must end with CR LF");
        }
        var line = in.toString(start, i - 1 - start, StandardCharsets.ISO_8859_1);
        in.readerIndex(i + 1);
        return line;
      }
    }
    if (in.readableBytes() >= CHUNK_LINE_BYTES_MAX) {
      throw malformed(tooLong);
    }
    return null;
  }

  private static boolean isHex(String text) {
    return text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x7f);
  }

  private static boolean isVisibleAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static Malformed headTooLarge() {
    return new Malformed(
        431,
        "request line and headers are larger than " + LocalProxyLimits.HEAD_BYTES_MAX + " bytes");
  }

  private static Malformed malformed(String why) {
    return new Malformed(400, "not a well-formed HTTP/1.1 request: " + why);
  }

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient DynamoDbError answer;

    Malformed(int status, String message) {
      this(LocalAnswers.invalid(status, message));
    }

    Malformed(DynamoDbError answer) {
      super(answer.message(), null, false, false);
      this.answer = answer;
    }
  }
}
