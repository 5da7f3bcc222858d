package dev.sallyport.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Whom or what a lock hits: whoever has all of its parts. At least one is set.
public record LockTarget(Map<LockPart, String> parts) {
  /// The longest value of a part.
  public static final int MAX_LENGTH = 512;

  public LockTarget {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("at least one target attribute must be set");
    }
    parts = Collections.unmodifiableMap(new EnumMap<>(parts));
    parts.forEach((part, value) -> {
      if (value.isBlank() || value.length() > MAX_LENGTH) {
        throw new IllegalArgumentException(
            "%s: %d characters (expected: 1 to %d, not only blanks)"
                .formatted(part.wireName(), value.length(), MAX_LENGTH));
      }
    });
  }

  public static LockTarget of(LockPart part, String value) {
    return new LockTarget(Map.of(part, value));
  }

  /// The same with another value for one part that is set.
  public LockTarget with(LockPart part, String value) {
    var changed = new EnumMap<>(parts);
    changed.put(part, value);
    return new LockTarget(changed);
  }

  /// As messages name it: `User:"alice" MFADevice:"1f0c"`.
  @Override
  public String toString() {
    return parts.entrySet().stream()
        .map(part -> part.getKey().title() + ":" + Quoted.of(part.getValue()))
        .collect(Collectors.joining(" "));
  }
}
