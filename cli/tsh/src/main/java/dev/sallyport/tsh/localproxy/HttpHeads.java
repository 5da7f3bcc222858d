package dev.sallyport.tsh.localproxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Writes heads of requests and answers for the next hop: with a framing of our own, and without
/// what was meant for the previous hop alone (RFC 9110 §7.6.1). A client's `Connection: close` must
/// not reach a pooled connection, nor the pool's reach the client.
final class HttpHeads {
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect",
          "content-length");
  private static final BitSet HOP_BY_HOP_LENGTHS = lengths(HOP_BY_HOP);
  private static final String CORS = "access-control-";
  private static final int TYPICAL_HEAD_BYTES = 1536;

  private HttpHeads() {}

  static ByteBuf request(ByteBufAllocator allocator, RequestHead head, String target) {
    var out = new StringBuilder(TYPICAL_HEAD_BYTES);
    out.append(head.method()).append(' ').append(target).append(" HTTP/1.1\r\n");
    var named = namedByConnection(head.all("connection"));
    for (var header : head.headers()) {
      if (passes(header.name(), named)) {
        line(out, header.name(), header.value());
      }
    }
    if (head.chunked()) {
      out.append("Transfer-Encoding: chunked\r\n");
    } else {
      out.append("Content-Length: ").append(head.bodyBytes()).append("\r\n");
    }
    return bytes(allocator, out.append("\r\n"));
  }

  /// What the far end says to web pages is not for it to say: who may read is decided here.
  ///
  /// @param own header lines of this hop: what frames the body, unless its end is the connection's,
  ///   and what an allowed web page needs
  static ByteBuf answer(
      ByteBufAllocator allocator, HttpResponse answer, String own, boolean close) {
    var out = new StringBuilder(TYPICAL_HEAD_BYTES);
    out.append("HTTP/1.1 ")
        .append(answer.status().codeAsText())
        .append(' ')
        .append(answer.status().reasonPhrase())
        .append("\r\n");
    var named = namedByConnection(answer.headers().getAll("connection"));
    var headers = answer.headers().iteratorCharSequence();
    while (headers.hasNext()) {
      var header = headers.next();
      var name = header.getKey().toString();
      if (passes(name, named) && !name.regionMatches(true, 0, CORS, 0, CORS.length())) {
        line(out, name, header.getValue());
      }
    }
    out.append(own);
    if (close) {
      out.append("Connection: close\r\n");
    }
    return bytes(allocator, out.append("\r\n"));
  }

  static ByteBuf chunkStart(ByteBufAllocator allocator, int bytes) {
    return write(allocator.ioBuffer(10), Integer.toHexString(bytes) + "\r\n");
  }

  static ByteBuf chunkEnd(ByteBufAllocator allocator) {
    return write(allocator.ioBuffer(2), "\r\n");
  }

  static ByteBuf lastChunk(ByteBufAllocator allocator) {
    return write(allocator.ioBuffer(5), "0\r\n\r\n");
  }

  static void line(ByteBuf out, CharSequence name, CharSequence value) {
    write(out, name);
    out.writeByte(':').writeByte(' ');
    write(out, value);
    out.writeByte('\r').writeByte('\n');
  }

  static ByteBuf write(ByteBuf out, CharSequence text) {
    out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    return out;
  }

  private static void line(StringBuilder out, CharSequence name, CharSequence value) {
    out.append(name).append(": ").append(value).append("\r\n");
  }

  /// One copy of all: piece by piece costs a check of every byte.
  private static ByteBuf bytes(ByteBufAllocator allocator, StringBuilder text) {
    var bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    return allocator.ioBuffer(bytes.length).writeBytes(bytes);
  }

  private static boolean passes(String name, List<String> named) {
    if (named.isEmpty() && !HOP_BY_HOP_LENGTHS.get(name.length())) {
      return true;
    }
    var lower = name.toLowerCase(Locale.ROOT);
    return !HOP_BY_HOP.contains(lower) && !named.contains(lower);
  }

  private static BitSet lengths(Set<String> names) {
    var lengths = new BitSet();
    names.forEach(name -> lengths.set(name.length()));
    return lengths;
  }

  /// `Host` stays even when named: a request without it has no meaning.
  private static List<String> namedByConnection(List<String> values) {
    if (values.isEmpty()) {
      return List.of();
    }
    var named = new ArrayList<String>();
    for (var value : values) {
      for (var option : value.split(",", -1)) {
        var lower = option.strip().toLowerCase(Locale.ROOT);
        if (!lower.equals("host")) {
          named.add(lower);
        }
      }
    }
    return named;
  }
}
