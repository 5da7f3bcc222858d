package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.dynamodb.DynamoDbError;
import dev.sallyport.fuzz.FuzzTarget;
import dev.sallyport.fuzz.NettyReading;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * However the bytes are cut, the local proxy reads the same requests, and another parser reads what
 * it sends on as exactly these. The first byte of the input is the size of the pieces.
 */
public final class LocalRequestTarget implements FuzzTarget {
  /** One request, whole. */
  private record Read(RequestHead head, String body) {}

  /** Requests in order, then the fault that ended them; empty when there was none. */
  private record Outcome(List<Read> whole, String fault) {}

  @Override
  public boolean takes(byte[] input) {
    if (input.length == 0) {
      return false;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    Outcome outcome = read(bytes, bytes.length);
    assertThat(read(bytes, 1 + (input[0] & 0x1F))).isEqualTo(outcome);
    for (Read request : outcome.whole()) {
      assertThat(NettyReading.strictly(sentOn(request)))
          .containsExactly(new NettyReading.Request(request.head().method(), "/", request.body()));
    }
    return !outcome.whole().isEmpty();
  }

  private static Outcome read(byte[] bytes, int piece) {
    EmbeddedChannel channel = new EmbeddedChannel(new RequestDecoder());
    Reading reading = new Reading();
    for (int at = 0; at < bytes.length; at += piece) {
      int end = Math.min(bytes.length, at + piece);
      channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, at, end)));
      for (Object message = channel.readInbound();
          message != null;
          message = channel.readInbound()) {
        reading.add(message);
        ReferenceCountUtil.release(message);
      }
    }
    channel.finishAndReleaseAll();
    return new Outcome(reading.whole, reading.fault);
  }

  private static final class Reading {
    private final List<Read> whole = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private @Nullable RequestHead head;
    private String fault = "";

    void add(Object message) {
      assertThat(fault).as("nothing follows a fault").isEmpty();
      switch (message) {
        case RequestHead next -> {
          head = next;
          body.setLength(0);
        }
        case DynamoDbError error -> fault = error.message();
        case HttpContent content -> {
          body.append(content.content().toString(StandardCharsets.ISO_8859_1));
          if (content instanceof LastHttpContent && head != null) {
            whole.add(new Read(head, body.toString()));
          }
        }
        default -> throw new AssertionError(message.toString());
      }
    }
  }

  private static byte[] sentOn(Read request) {
    ByteBuf head = HttpHeads.request(UnpooledByteBufAllocator.DEFAULT, request.head(), "/");
    StringBuilder out = new StringBuilder(head.toString(StandardCharsets.ISO_8859_1));
    head.release();
    if (!request.head().chunked()) {
      out.append(request.body());
    } else {
      if (!request.body().isEmpty()) {
        out.append(Integer.toHexString(request.body().length())).append("\r\n");
        out.append(request.body()).append("\r\n");
      }
      out.append("0\r\n\r\n");
    }
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
