package dev.sallyport.audit.journal;

import java.util.concurrent.atomic.AtomicLong;

/// Whether the disk answers at once, so that an event loop may write to its files without being
/// held up: no call that waits for the disk has lasted long, and no write was slow of late. A disk
/// that hangs shows in the calls that wait for it, which come every few milliseconds, before it
/// holds up a write, which goes to memory. Safe for any thread.
final class DiskPace {

  /// How long a call may wait for the disk before loops leave writing to the writer.
  static final long WAIT_NANOS_MAX = 100_000_000;

  /// How long a write of a loop may take; a longer one is the last for [#REST_NANOS].
  static final long WRITE_NANOS_MAX = 20_000_000;

  /// How long loops leave writing to the writer after a slow write.
  static final long REST_NANOS = 1_000_000_000;

  private static final long NONE = Long.MIN_VALUE;

  private final AtomicLong waitingSince = new AtomicLong(NONE);
  private volatile long restingSince;
  private volatile boolean resting;

  /// A call that waits for the disk begins. One at a time.
  void waits(long now) {
    waitingSince.set(now == NONE ? NONE + 1 : now);
  }

  /// It is over.
  void waited() {
    waitingSince.set(NONE);
  }

  /// A write took from one time to another, by [System#nanoTime].
  void wrote(long from, long to) {
    if (to - from > WRITE_NANOS_MAX) {
      restingSince = to;
      resting = true;
    }
  }

  /// Whether a write is likely to take no time.
  boolean isQuick(long now) {
    if (resting) {
      if (now - restingSince < REST_NANOS) {
        return false;
      }
      resting = false;
    }
    long since = waitingSince.get();
    return since == NONE || now - since < WAIT_NANOS_MAX;
  }
}
