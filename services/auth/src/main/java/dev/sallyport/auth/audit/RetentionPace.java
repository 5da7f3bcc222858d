package dev.sallyport.auth.audit;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How fast records may grow old. A clock that is set forward, by hand or by a wrong time server,
/// must not drop the log at once: the time by which age is judged moves at most [#STEP] a round.
/// Rounds come every 5 s, so that it moves at most 24 times as fast as time goes by: a day's
/// absence is caught up within the hour, and a wrong clock costs little until it is noticed. How
/// far it has come is not kept: a start begins at the oldest record. For one thread.
final class RetentionPace {
  /// How far one round moves the time by which age is judged.
  static final Duration STEP = Duration.ofMinutes(2);

  private final Duration age;
  private @Nullable Instant reached;

  /// @param age beyond which records go
  RetentionPace(Duration age) {
    this.age = age;
  }

  /// The time by which age is judged in this round.
  ///
  /// @param now by the clock
  /// @param oldest when the oldest record came
  Instant judged(Instant now, Instant oldest) {
    var latest = (reached == null ? oldest.plus(age) : reached).plus(STEP);
    var judged = now.isAfter(latest) ? latest : now;
    reached = judged;
    return judged;
  }

  /// Whether records are far older than they may be: their time came long ago, or the clock is
  /// wrong.
  boolean isBehind(Instant now, Instant oldest) {
    return now.minus(age).minus(Duration.ofDays(1)).isAfter(oldest);
  }
}
