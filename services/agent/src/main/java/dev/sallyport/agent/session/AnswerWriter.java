package dev.sallyport.agent.session;

import dev.sallyport.agent.upstream.AnswerHead;
import dev.sallyport.dynamodb.ErrorAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// Writes one answer to a client: AWS's with status, body bytes and the headers of an allow-list as
/// they came, or one of our own. A body of unknown length goes in chunks to HTTP/1.1 and ends with
/// the connection for HTTP/1.0.
final class AnswerWriter {
  /// What of AWS's answer a client can see. Framing and connection are this hop's own.
  private static final Set<String> PASSED =
      Set.of(
          "content-encoding",
          "content-type",
          "date",
          "retry-after",
          "server",
          "vary",
          "x-amz-crc32",
          "x-amz-id-2",
          "x-amzn-errortype",
          "x-amzn-remapped-content-length",
          "x-amzn-requestid",
          "x-amzn-trace-id");

  private static final int HEAD_SIZE = 512;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LINE_END = {'\r', '\n'};

  private final ChannelHandlerContext ctx;
  private final boolean http11;
  private boolean keepAlive;
  private boolean chunked;

  AnswerWriter(ChannelHandlerContext ctx, boolean http11, boolean keepAlive) {
    this.ctx = ctx;
    this.http11 = http11;
    this.keepAlive = keepAlive;
  }

  /// The connection ends with this answer; to be said before the head is written.
  void closeAfter() {
    keepAlive = false;
  }

  boolean keepsAlive() {
    return keepAlive;
  }

  void head(AnswerHead head) {
    var text = status(head.status(), head.reason());
    for (var header : head.headers()) {
      if (PASSED.contains(header.name().toLowerCase(Locale.ROOT))) {
        append(text, header.name(), header.value());
      }
    }
    boolean bodyless = head.status() == NO_CONTENT || head.status() == NOT_MODIFIED;
    if (head.length().isPresent()) {
      append(text, "Content-Length", Long.toString(head.length().getAsLong()));
    } else if (!bodyless && http11) {
      chunked = true;
      append(text, "Transfer-Encoding", "chunked");
    } else if (!bodyless) {
      keepAlive = false;
    }
    ctx.write(end(text));
  }

  /// @param bytes released by the write
  void body(ByteBuf bytes) {
    if (!chunked) {
      ctx.write(bytes);
      return;
    }
    var size = Integer.toHexString(bytes.readableBytes()) + "\r\n";
    ctx.write(ascii(ctx.alloc(), size));
    ctx.write(bytes);
    ctx.write(Unpooled.wrappedBuffer(LINE_END));
  }

  void end() {
    if (chunked) {
      ctx.write(Unpooled.wrappedBuffer(LAST_CHUNK));
    }
    ctx.flush();
  }

  void flush() {
    ctx.flush();
  }

  void own(ErrorAnswer answer) {
    var text = status(answer.status(), HttpResponseStatus.valueOf(answer.status()).reasonPhrase());
    answer.headers().forEach((name, value) -> append(text, name, value));
    ctx.write(end(text));
    ctx.writeAndFlush(Unpooled.wrappedBuffer(answer.body()));
  }

  private StringBuilder status(int status, String reason) {
    return new StringBuilder(HEAD_SIZE)
        .append("HTTP/1.1 ")
        .append(status)
        .append(' ')
        .append(reason)
        .append("\r\n");
  }

  private ByteBuf end(StringBuilder text) {
    if (!keepAlive) {
      append(text, "Connection", "close");
    } else if (!http11) {
      append(text, "Connection", "keep-alive");
    }
    return ascii(ctx.alloc(), text.append("\r\n"));
  }

  private static void append(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(value).append("\r\n");
  }

  private static ByteBuf ascii(ByteBufAllocator allocator, CharSequence text) {
    // Netty would look at each character of a builder.
    var bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    return allocator.buffer(bytes.length).writeBytes(bytes);
  }
}
