package dev.sallyport.audit.journal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads the frames of a segment one after the other and gets over damage: what is no frame is
/// passed over, byte by byte, until one begins.
final class FrameScanner {

  /// The first bytes of a segment file.
  static final long MAGIC = 0x53504a524e4c3031L;

  private final ByteBuffer bytes;
  private int goodEnd;
  private long damaged;

  /// @param bytes of the file, from a frame's beginning or the file's
  FrameScanner(ByteBuffer bytes) {
    this.bytes = bytes;
    this.goodEnd = bytes.position();
    if (bytes.remaining() >= Long.BYTES && bytes.getLong(bytes.position()) == MAGIC) {
      bytes.position(bytes.position() + Long.BYTES);
      goodEnd = bytes.position();
    }
  }

  /// The next frame; null at the end.
  @Nullable Frame next() {
    while (bytes.remaining() > Frame.HEADER) {
      Frame frame = Frame.at(bytes);
      if (frame != null) {
        damaged += bytes.position() - goodEnd;
        bytes.position(bytes.position() + frame.size());
        goodEnd = bytes.position();
        return frame;
      }
      bytes.position(bytes.position() + 1);
    }
    return null;
  }

  /// Where the last frame ended: what is beyond is torn.
  int goodEnd() {
    return goodEnd;
  }

  /// How many bytes before [#goodEnd] are of no frame.
  long damaged() {
    return damaged;
  }
}
