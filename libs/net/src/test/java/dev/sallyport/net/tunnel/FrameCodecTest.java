package dev.sallyport.net.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {
  static List<Frame> frames() {
    return List.of(
        new Frame.Hello(new byte[] {1, 2}),
        new Frame.HelloOk(new byte[0]),
        new Frame.Ping(Long.MIN_VALUE),
        new Frame.Pong(7),
        new Frame.Open(60, new byte[FrameCodec.MAX_PAYLOAD_BYTES]),
        new Frame.Accept(),
        new Frame.Refuse("over the limit"),
        new Frame.NotNow("full for now"),
        new Frame.Status(StatusCode.UNKNOWN_DATABASE, "database \"ö\" not found"));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void whatIsWrittenIsReadByteByByte(Frame frame) {
    var channel = new EmbeddedChannel(new FrameCodec());
    channel.writeOutbound(frame);
    ByteBuf wire = channel.readOutbound();
    assertThat(wire.readableBytes()).isLessThanOrEqualTo(2 + FrameCodec.MAX_LENGTH);
    while (wire.isReadable()) {
      channel.writeInbound(wire.readRetainedSlice(1));
    }
    wire.release();
    Frame read = channel.readInbound();
    assertThat(read).usingRecursiveComparison().isEqualTo(frame);
    channel.finishAndReleaseAll();
  }

  @Test
  void severalFramesInOneReadAreSeveralFrames() {
    var channel = new EmbeddedChannel(new FrameCodec());
    channel.writeInbound(wire(new Frame.Ping(1)), wire(new Frame.Ping(2)));
    channel.writeInbound(Unpooled.wrappedBuffer(wire(new Frame.Ping(3)), wire(new Frame.Ping(4))));
    assertThat(channel.inboundMessages()).hasSize(4);
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000", // no room for version and type
        "0001", // nor for the type
        "1001", // longer than a frame may be
        "ffff",
        "00020206", // another version
        "0002010a", // unknown type
        "00020100",
        "0003010600", // ACCEPT with a payload
        "00030103ff", // a short nonce
        "0003010500", // OPEN without its count
        "00020108", // STATUS without a code
        "0003010809", // STATUS with an unknown one
        "00030107ff", // text that is not UTF-8
      })
  void whatIsNotAFrameIsRefused(String hex) {
    var channel = new EmbeddedChannel(new FrameCodec());
    assertThatThrownBy(() ->
            channel.writeInbound(Unpooled.wrappedBuffer(java.util.HexFormat.of().parseHex(hex))))
        .isInstanceOf(CorruptedFrameException.class);
    channel.finishAndReleaseAll();
  }

  @Test
  void bytesThatHurryAheadOfTheSwitchAreRefused() {
    var channel = new EmbeddedChannel(new FrameCodec());
    assertThatThrownBy(() ->
            channel.writeInbound(
                Unpooled.wrappedBuffer(
                    wire(new Frame.Accept()), Unpooled.wrappedBuffer(new byte[] {0x16}))))
        .isInstanceOf(CorruptedFrameException.class);
    channel.finishAndReleaseAll();
  }

  @Test
  void aLongReasonIsCutAtACharacter() {
    var channel = new EmbeddedChannel(new FrameCodec());
    channel.writeOutbound(new Frame.Refuse("x" + "ö".repeat(2000)));
    channel.writeInbound(channel.<ByteBuf>readOutbound());
    Frame.Refuse read = channel.readInbound();
    assertThat(read.reason()).startsWith("xö").hasSizeLessThan(1024).endsWith("ö");
    channel.finishAndReleaseAll();
  }

  @Test
  void anOversizedPayloadIsNotSent() {
    var channel = new EmbeddedChannel(new FrameCodec());
    var tooBig = new Frame.Hello(new byte[FrameCodec.MAX_PAYLOAD_BYTES + 1]);
    assertThatThrownBy(() -> channel.writeOutbound(tooBig)).hasMessageContaining("payload");
    channel.finishAndReleaseAll();
  }

  @Test
  void anyBytesGiveFramesOrARefusal() {
    var random = new Random(4096);
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (System.nanoTime() < end) {
      var channel = new EmbeddedChannel(new FrameCodec());
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length > 4 && random.nextBoolean()) {
        bytes[0] = 0;
        bytes[1] = (byte) random.nextInt(bytes.length);
        bytes[2] = 1;
        bytes[3] = (byte) random.nextInt(10);
      }
      try {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
      } catch (DecoderException refused) {
        assertThat(refused).isInstanceOf(CorruptedFrameException.class);
      }
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void payloadsAreReadAsWritten() {
    var open = new OpenMessage("192.0.2.7:40000", "example-dynamodb", "ab".repeat(32));
    assertThat(OpenMessage.parse(open.encoded())).isEqualTo(open);
    var hello = new HelloMessage("2c5d", "1.0.0");
    assertThat(HelloMessage.parse(hello.encoded())).isEqualTo(hello);
  }

  @Test
  void anyPayloadIsReadOrRefused() {
    var random = new Random(2);
    byte[] good = new OpenMessage("a", "b", "c").encoded();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = random.nextBoolean() ? good.clone() : new byte[random.nextInt(20)];
      if (bytes.length > 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        OpenMessage.parse(bytes);
      } catch (CorruptedFrameException refused) {
        assertThat(refused).hasMessageContaining("tunnel payload");
      }
    }
  }

  private static ByteBuf wire(Frame frame) {
    return FrameCodec.encoded(Unpooled.buffer().alloc(), frame);
  }
}
