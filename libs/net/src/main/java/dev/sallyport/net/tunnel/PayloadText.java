package dev.sallyport.net.tunnel;

import io.netty.handler.codec.CorruptedFrameException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A fixed number of texts as bytes: each a u16 length and UTF-8. The payloads of HELLO and OPEN.
final class PayloadText {
  private PayloadText() {}

  static byte[] encode(String... texts) {
    int length = 0;
    var parts = new ArrayList<byte[]>();
    for (var text : texts) {
      byte[] part = text.getBytes(StandardCharsets.UTF_8);
      parts.add(part);
      length += 2 + part.length;
    }
    if (length > FrameCodec.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "payload: " + length + " bytes (expected: <= " + FrameCodec.MAX_PAYLOAD_BYTES + ")");
    }
    var out = ByteBuffer.allocate(length);
    for (var part : parts) {
      out.putShort((short) part.length).put(part);
    }
    return out.array();
  }

  static List<String> decode(byte[] payload, int count) {
    var in = ByteBuffer.wrap(payload);
    var texts = new ArrayList<String>(count);
    try {
      for (int i = 0; i < count; i++) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
          throw new CorruptedFrameException("tunnel payload: text " + i + " reaches past the end");
        }
        var part = in.slice(in.position(), length);
        in.position(in.position() + length);
        texts.add(StandardCharsets.UTF_8.newDecoder().decode(part).toString());
      }
    } catch (BufferUnderflowException e) {
      throw new CorruptedFrameException(
          "tunnel payload: " + texts.size() + " of " + count + " texts", e);
    } catch (CharacterCodingException e) {
      throw new CorruptedFrameException("tunnel payload: text that is not UTF-8", e);
    }
    if (in.hasRemaining()) {
      throw new CorruptedFrameException("tunnel payload: " + in.remaining() + " bytes too many");
    }
    return texts;
  }
}
