package dev.sallyport.audit.journal;

import dev.sallyport.audit.chain.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A checkpoint as lines of text, for the journal's files.
final class CheckpointForm {

  private static final int LINES = 7;

  private CheckpointForm() {}

  static byte[] bytes(Checkpoint checkpoint) {
    String text =
        String.join(
            "\n",
            checkpoint.agent(),
            checkpoint.epoch(),
            Long.toString(checkpoint.sequence()),
            checkpoint.hash(),
            Long.toString(checkpoint.time().toEpochMilli()),
            checkpoint.certificate(),
            checkpoint.signature());
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Null when it is none.
  static @Nullable Checkpoint read(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
    if (lines.length != LINES) {
      return null;
    }
    try {
      return new Checkpoint(
          lines[0],
          lines[1],
          Long.parseLong(lines[2]),
          lines[3],
          Instant.ofEpochMilli(Long.parseLong(lines[4])),
          lines[5],
          lines[6]);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
