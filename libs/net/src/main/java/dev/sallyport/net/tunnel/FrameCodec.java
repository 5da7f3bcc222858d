package dev.sallyport.net.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageCodec;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Reads and writes frames. Anything that is not exactly a frame of this version, and any byte that
/// follows ACCEPT or STATUS ok before the switch to bytes, is a [CorruptedFrameException].
final class FrameCodec extends ByteToMessageCodec<Frame> {
  static final int MAX_LENGTH = 4096;
  static final int VERSION = 1;

  /// What a payload may hold: the frame without version, type and OPEN's count.
  static final int MAX_PAYLOAD_BYTES = MAX_LENGTH - 4;

  private static final int LENGTH_BYTES = 2;
  private static final int HEAD_BYTES = 2;
  private static final int NONCE_BYTES = 8;
  private static final int WANTED_BYTES = 2;
  private static final int MAX_WANTED = 0xFFFF;
  private static final int MAX_TEXT_BYTES = 1024;

  private static final int HELLO = 1;
  private static final int HELLO_OK = 2;
  private static final int PING = 3;
  private static final int PONG = 4;
  private static final int OPEN = 5;
  private static final int ACCEPT = 6;
  private static final int REFUSE = 7;
  private static final int STATUS = 8;
  private static final int NOT_NOW = 9;

  private boolean spoiled;

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (spoiled) {
      in.skipBytes(in.readableBytes());
      return;
    }
    try {
      decodeOne(in, out);
    } catch (CorruptedFrameException e) {
      spoiled = true;
      in.skipBytes(in.readableBytes());
      throw e;
    }
  }

  private static void decodeOne(ByteBuf in, List<Object> out) {
    if (in.readableBytes() < LENGTH_BYTES) {
      return;
    }
    int length = in.getUnsignedShort(in.readerIndex());
    if (length < HEAD_BYTES || length > MAX_LENGTH) {
      throw broken("length " + length + " (expected: " + HEAD_BYTES + " to " + MAX_LENGTH + ")");
    }
    if (in.readableBytes() < LENGTH_BYTES + length) {
      return;
    }
    in.skipBytes(LENGTH_BYTES);
    var frame = parse(in.readSlice(length));
    if (frame.endsFrames() && in.isReadable()) {
      throw broken("bytes after " + frame + " before the switch");
    }
    out.add(frame);
  }

  @Override
  protected void encode(ChannelHandlerContext context, Frame frame, ByteBuf out) {
    write(frame, out);
  }

  /// One frame as bytes, for a pipeline without this codec.
  static ByteBuf encoded(ByteBufAllocator allocator, Frame frame) {
    var out = allocator.buffer();
    write(frame, out);
    return out;
  }

  private static Frame parse(ByteBuf body) {
    int version = body.readUnsignedByte();
    if (version != VERSION) {
      throw broken("version " + version + " (expected: " + VERSION + ")");
    }
    int type = body.readUnsignedByte();
    return switch (type) {
      case HELLO -> new Frame.Hello(rest(body));
      case HELLO_OK -> new Frame.HelloOk(rest(body));
      case PING -> new Frame.Ping(exactly(body, NONCE_BYTES).readLong());
      case PONG -> new Frame.Pong(exactly(body, NONCE_BYTES).readLong());
      case OPEN -> {
        if (body.readableBytes() < WANTED_BYTES) {
          throw broken("OPEN of " + body.readableBytes() + " bytes");
        }
        yield new Frame.Open(body.readUnsignedShort(), rest(body));
      }
      case ACCEPT -> {
        exactly(body, 0);
        yield new Frame.Accept();
      }
      case REFUSE -> new Frame.Refuse(text(body));
      case NOT_NOW -> new Frame.NotNow(text(body));
      case STATUS -> {
        if (!body.isReadable()) {
          throw broken("STATUS without a code");
        }
        int code = body.readUnsignedByte();
        yield new Frame.Status(
            StatusCode.parse(code).orElseThrow(() -> broken("STATUS with code " + code)),
            text(body));
      }
      default -> throw broken("type " + type);
    };
  }

  private static void write(Frame frame, ByteBuf out) {
    int start = out.writerIndex();
    out.writeShort(0).writeByte(VERSION);
    switch (frame) {
      case Frame.Hello(var payload) -> out.writeByte(HELLO).writeBytes(checked(payload));
      case Frame.HelloOk(var payload) -> out.writeByte(HELLO_OK).writeBytes(checked(payload));
      case Frame.Ping(var nonce) -> out.writeByte(PING).writeLong(nonce);
      case Frame.Pong(var nonce) -> out.writeByte(PONG).writeLong(nonce);
      case Frame.Open(var wanted, var payload) ->
          out.writeByte(OPEN)
              .writeShort(Math.clamp(wanted, 0, MAX_WANTED))
              .writeBytes(checked(payload));
      case Frame.Accept() -> out.writeByte(ACCEPT);
      case Frame.Refuse(var reason) -> out.writeByte(REFUSE).writeBytes(shortened(reason));
      case Frame.NotNow(var reason) -> out.writeByte(NOT_NOW).writeBytes(shortened(reason));
      case Frame.Status(var code, var message) ->
          out.writeByte(STATUS).writeByte(code.wire()).writeBytes(shortened(message));
    }
    out.setShort(start, out.writerIndex() - start - LENGTH_BYTES);
  }

  private static byte[] checked(byte[] payload) {
    if (payload.length > MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "payload: " + payload.length + " bytes (expected: <= " + MAX_PAYLOAD_BYTES + ")");
    }
    return payload;
  }

  /// Cuts at a character's end.
  private static byte[] shortened(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_TEXT_BYTES) {
      return bytes;
    }
    int end = MAX_TEXT_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return java.util.Arrays.copyOf(bytes, end);
  }

  private static byte[] rest(ByteBuf body) {
    byte[] bytes = new byte[body.readableBytes()];
    body.readBytes(bytes);
    return bytes;
  }

  private static ByteBuf exactly(ByteBuf body, int bytes) {
    if (body.readableBytes() != bytes) {
      throw broken("payload of " + body.readableBytes() + " bytes (expected: " + bytes + ")");
    }
    return body;
  }

  private static String text(ByteBuf body) {
    if (body.readableBytes() > MAX_TEXT_BYTES) {
      throw broken(
          "text of " + body.readableBytes() + " bytes (expected: <= " + MAX_TEXT_BYTES + ")");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(rest(body))).toString();
    } catch (CharacterCodingException e) {
      throw broken("text that is not UTF-8");
    }
  }

  private static CorruptedFrameException broken(String what) {
    return new CorruptedFrameException("tunnel frame: " + what);
  }
}
