package dev.sallyport.control;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Pauses between tries that fail: a step that doubles up to a longest one, and of each step
/// between half and the whole, so that many hosts or tunnels that failed together do not come back
/// in step. Not for use by several threads.
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;
  private long stepNanos;

  /// The first pause is half of `first` at least.
  public Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
    this.stepNanos = first.toNanos();
  }

  /// The pause before the next try; the step of the one after it is twice as long.
  public Duration pause() {
    long half = stepNanos / 2;
    stepNanos = Math.min(stepNanos * 2, longest.toNanos());
    return Duration.ofNanos(half + random.nextLong(half + 1));
  }

  /// Begins anew, after a success.
  public void reset() {
    stepNanos = first.toNanos();
  }
}
