package dev.sallyport.tsh.localproxy;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Growing pauses between failing tries, never longer than {@link #LONGEST}.
///
/// Each pause is drawn between half of its step and the whole of it, so that many tunnels do not
/// come back in the same instant. Not thread-safe.
final class Backoff {
  static final Duration FIRST = Duration.ofMillis(50);
  static final Duration LONGEST = Duration.ofSeconds(1);

  private final RandomGenerator random;
  private long stepNanos = FIRST.toNanos();

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /// The pause before the next try; the one after it is longer.
  Duration next() {
    var half = stepNanos / 2;
    var pause = half + random.nextLong(half + 1);
    stepNanos = Math.min(stepNanos * 2, LONGEST.toNanos());
    return Duration.ofNanos(pause);
  }

  /// A try succeeded: the next failure begins with the shortest pause.
  void reset() {
    stepNanos = FIRST.toNanos();
  }
}
