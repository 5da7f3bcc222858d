package dev.sallyport.control.host;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Pauses between tries: doubling up to a longest one, with jitter so that many hosts do not come
/// back in step. Not for use by several threads.
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  /// The first pause is half of `first` at least.
  public Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /// The next pause, between a half and the whole of its step.
  public Duration pause() {
    long millis = next.toMillis();
    var doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) < 0 ? doubled : longest;
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  /// Begins anew, after a success.
  public void reset() {
    next = first;
  }
}
