package dev.sallyport.audit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/// JSON of parts that stand in event after event: who a session is of, and what it goes to, are the
/// same objects in all its requests. Keeps a few, found by their identity, so that they are spelled
/// once and not twice a request. Safe for any thread.
final class WrittenParts {

  /// How many parts are kept; others are written anew.
  static final int PARTS_MAX = 256;

  /// Longer ones are not kept: all together take at most 1 MiB.
  static final int LENGTH_MAX = 4096;

  private final AtomicReferenceArray<@Nullable Part> parts = new AtomicReferenceArray<>(PARTS_MAX);

  /// A record's fields as they stand in an object, without its braces.
  ///
  /// @param name of the first field
  /// @param rest its value and all fields behind it
  private record Part(Record of, String name, SerializedString rest) {}

  /// Writes a record's fields into the object that is open.
  ///
  /// @return whether that is done; false if this record is not kept here
  boolean write(Record part, JsonGenerator out) {
    int at = Math.floorMod(System.identityHashCode(part), PARTS_MAX);
    Part known = parts.get(at);
    if (known == null || !known.of().equals(part)) {
      Optional<Part> made = make(part);
      if (made.isEmpty()) {
        return false;
      }
      known = made.get();
      parts.set(at, known);
    }
    out.writeName(known.name());
    out.writeRawValue(known.rest());
    return true;
  }

  private static Optional<Part> make(Record part) {
    var bytes = new ByteArrayOutputStream();
    try (var out = AuditJson.generator(bytes)) {
      new EventWriter(out).writeFields(part);
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    var first = RecordShape.of(part.getClass()).components().getFirst().name();
    String begin = "{\"" + first + "\":";
    if (text.length() > LENGTH_MAX || !text.startsWith(begin)) {
      return Optional.empty();
    }
    String rest = text.substring(begin.length(), text.length() - 1);
    return Optional.of(new Part(part, first, new SerializedString(rest)));
  }
}
