package dev.sallyport.net.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.fuzz.FuzzTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Frames are the same however their bytes arrive, and there is one way to write each; so it is with
 * the messages in HELLO and OPEN.
 */
public final class TunnelFrameTarget implements FuzzTarget {
  @Override
  public boolean takes(byte[] input) {
    List<Frame> frames = read(input, input.length);
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    for (Frame frame : frames) {
      again.writeBytes(written(frame));
      payload(frame);
    }
    assertThat(again.toByteArray()).isEqualTo(Arrays.copyOf(input, again.size()));
    // A switch to bytes is seen before what breaks it, when that comes later.
    assertThat(shown(read(input, 1)).subList(0, frames.size())).isEqualTo(shown(frames));
    return !frames.isEmpty();
  }

  private static List<String> shown(List<Frame> frames) {
    return frames.stream()
        .map(frame -> Base64.getEncoder().encodeToString(written(frame)))
        .toList();
  }

  private static List<Frame> read(byte[] input, int piece) {
    List<Frame> frames = new ArrayList<>();
    EmbeddedChannel channel = new EmbeddedChannel(new FrameCodec());
    try {
      for (int at = 0; at < input.length; at += piece) {
        int end = Math.min(input.length, at + piece);
        channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(input, at, end)));
        collect(channel, frames);
      }
    } catch (CorruptedFrameException e) {
      collect(channel, frames);
    }
    channel.finishAndReleaseAll();
    return frames;
  }

  private static void collect(EmbeddedChannel channel, List<Frame> frames) {
    for (Frame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
      frames.add(frame);
    }
  }

  private static byte[] written(Frame frame) {
    ByteBuf bytes = FrameCodec.encoded(UnpooledByteBufAllocator.DEFAULT, frame);
    try {
      return ByteBufUtil.getBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  private static void payload(Frame frame) {
    try {
      switch (frame) {
        case Frame.Hello(var payload) ->
            assertThat(HelloMessage.parse(payload).encoded()).isEqualTo(payload);
        case Frame.Open(var _, var payload) ->
            assertThat(OpenMessage.parse(payload).encoded()).isEqualTo(payload);
        default -> {}
      }
    } catch (CorruptedFrameException expected) {
      assertThat(expected).hasMessageNotContaining("null");
    }
  }
}
