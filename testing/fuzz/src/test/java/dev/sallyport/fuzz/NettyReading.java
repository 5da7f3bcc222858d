package dev.sallyport.fuzz;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How another parser of HTTP reads the same bytes; here Netty's. */
public final class NettyReading {
  private NettyReading() {}

  /**
   * A request that came whole.
   *
   * @param target as it was written
   * @param body without the marks of its framing, a character for each byte
   */
  public record Request(String method, String target, String body) {}

  /** The requests that are whole, up to the first fault. */
  public static List<Request> strictly(byte[] bytes) {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new HttpRequestDecoder(new HttpDecoderConfig().setStrictLineParsing(true)));
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    List<Request> found = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    String method = "";
    String target = "";
    for (HttpObject next = channel.readInbound(); next != null; next = channel.readInbound()) {
      if (next instanceof HttpRequest head) {
        method = head.method().name();
        target = head.uri();
        body.setLength(0);
      }
      if (next instanceof HttpContent content) {
        body.append(content.content().toString(StandardCharsets.ISO_8859_1));
      }
      if (next instanceof LastHttpContent && next.decoderResult().isSuccess()) {
        found.add(new Request(method, target, body.toString()));
      }
      ReferenceCountUtil.release(next);
    }
    channel.finishAndReleaseAll();
    return found;
  }
}
