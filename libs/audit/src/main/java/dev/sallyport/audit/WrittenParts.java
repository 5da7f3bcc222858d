package dev.sallyport.audit;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// JSON of parts that stand in event after event: who a session is of, and what it goes to, are the
/// same objects in all its requests. Keeps a few, found by their identity, so that they are spelled
/// once and not twice a request. Safe for any thread.
final class WrittenParts {

  /// How many parts are kept; others are written anew.
  static final int PARTS_MAX = 256;

  /// Longer ones are not kept: all together take at most 1 MiB.
  static final int LENGTH_MAX = 4096;

  private static final int TYPICAL_BYTES = 512;

  private final AtomicReferenceArray<@Nullable Part> parts = new AtomicReferenceArray<>(PARTS_MAX);

  /// A record's fields as they stand in an object, without its braces.
  private static final class Part {
    private final Record of;
    private final byte[] fields;

    Part(Record of) {
      var out = new JsonBytes(TYPICAL_BYTES);
      new EventWriter(out).writeRecord(of);
      this.of = of;
      this.fields = out.toByteArray();
    }
  }

  /// Writes a record's fields into the object that is open.
  ///
  /// @return whether that is done; false if this record is not kept here
  boolean write(Record part, JsonBytes out) {
    int at = Math.floorMod(System.identityHashCode(part), PARTS_MAX);
    Part known = parts.get(at);
    if (known == null || !known.of.equals(part)) {
      known = new Part(part);
      if (known.fields.length > LENGTH_MAX) {
        return false;
      }
      parts.set(at, known);
    }
    out.raw(known.fields);
    return true;
  }
}
