package dev.sallyport.testkit.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that goes on like another one, and can be put forward or back: a running cluster's
/// heartbeats and timeouts go on, while certificates end and hosts disagree on the time. Safe for
/// any thread.
public final class MovableClock implements InstantSource {
  private final InstantSource base;
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  /// Goes like `base` until it is moved.
  public MovableClock(InstantSource base) {
    this.base = base;
  }

  /// Goes like the machine's clock until it is moved.
  public static MovableClock ofThisMachine() {
    return new MovableClock(InstantSource.system());
  }

  /// Puts it forward, or back by a negative time.
  public void move(Duration by) {
    offset.updateAndGet(now -> now.plus(by));
  }

  @Override
  public Instant instant() {
    return base.instant().plus(offset.get());
  }
}
