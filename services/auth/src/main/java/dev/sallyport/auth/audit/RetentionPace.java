package dev.sallyport.auth.audit;

import java.time.Duration;
import java.time.Instant;

/// How fast records may grow old. A clock that is set forward, by hand or by a wrong time server,
/// must not drop the log at once: however late it is, what one round drops for its age came within
/// [#STEP] of the oldest record. Rounds come every 5 s, so that the old end moves at most 24 times
/// as fast as time goes by: a day's absence is caught up within the hour, and a wrong clock costs
/// little until it is noticed.
final class RetentionPace {
  /// Most time of arrival that one round drops.
  static final Duration STEP = Duration.ofMinutes(2);

  private RetentionPace() {}

  /// The time by which age is judged in this round.
  ///
  /// @param now by the clock
  /// @param oldest when the oldest record came
  static Instant judged(Instant now, Instant oldest, Duration age) {
    var latest = oldest.plus(age).plus(STEP);
    return now.isAfter(latest) ? latest : now;
  }

  /// Whether records are far older than they may be: their time came long ago, or the clock is
  /// wrong.
  static boolean isBehind(Instant now, Instant oldest, Duration age) {
    return now.minus(age).minus(Duration.ofDays(1)).isAfter(oldest);
  }
}
