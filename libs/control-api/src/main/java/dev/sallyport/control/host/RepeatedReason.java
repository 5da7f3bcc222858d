package dev.sallyport.control.host;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Decides whether a reason that may come with each of many tries is told: when it is another one
/// than before, and otherwise once a minute, so that an outage of a night leaves a page and not a
/// full disk. For one thread.
final class RepeatedReason {
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final InstantSource clock;
  private String last = "";
  private Instant next = Instant.MIN;

  RepeatedReason(InstantSource clock) {
    this.clock = clock;
  }

  /// Whether to tell it now; whoever asks does so then.
  boolean isDue(String reason) {
    var now = clock.instant();
    if (reason.equals(last) && now.isBefore(next)) {
      return false;
    }
    last = reason;
    next = now.plus(AGAIN);
    return true;
  }
}
