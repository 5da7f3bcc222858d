package dev.sallyport.model;

import java.time.Duration;
import java.util.Map;

/// How long and in which manner a role's holder may work.
///
/// @param maxSessionTtl the longest a sign-in may last
/// @param other options that change nothing here, kept as they came
public record RoleOptions(Duration maxSessionTtl, Map<String, Object> other) {
  /// Also the most that any role can give.
  public static final Duration MAX_SESSION_TTL = Duration.ofHours(30);

  public static final RoleOptions DEFAULT = new RoleOptions(MAX_SESSION_TTL, Map.of());

  public RoleOptions {
    if (!maxSessionTtl.isPositive()) {
      throw new IllegalArgumentException(
          "max_session_ttl: %s (expected: more than 0)".formatted(Durations.format(maxSessionTtl)));
    }
    other = Frozen.tree(other);
  }
}
