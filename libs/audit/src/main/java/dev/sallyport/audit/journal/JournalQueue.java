package dev.sallyport.audit.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What waits to be written. Any thread puts; one waits until there is something. Who takes holds
/// the turn to write.
final class JournalQueue {

  /// Most bytes that wait; then nothing new is taken. Outcomes are, since they belong to what was.
  static final long BYTES_MAX = 32L << 20;

  /// How long a record for which nobody waits stays in the queue, so that others go with it.
  static final long GATHER_NANOS = 2_000_000;

  private static final int BATCH_BYTES = 1 << 20;
  private static final int BATCH_RECORDS = 4096;

  /// How the thread that waits is to be woken.
  private enum Waiting {
    NOBODY,
    /// By whatever comes.
    FOR_ANYTHING,
    /// By what somebody waits for; for the rest there is time.
    FOR_HASTE
  }

  private final ConcurrentLinkedQueue<Pending> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicReference<Waiting> waiting = new AtomicReference<>(Waiting.NOBODY);
  private volatile boolean haste;
  private volatile @Nullable Thread waiter;
  private volatile List<Pending> taken = List.of();

  boolean isFull() {
    return bytes.get() >= BYTES_MAX;
  }

  long bytes() {
    return bytes.get();
  }

  void put(Pending pending) {
    bytes.addAndGet(pending.size());
    queue.add(pending);
    if (pending.hastes()) {
      haste = true;
    }
    Waiting now = waiting.get();
    if ((now == Waiting.FOR_ANYTHING || (now == Waiting.FOR_HASTE && pending.hastes()))
        && waiting.compareAndSet(now, Waiting.NOBODY)) {
      LockSupport.unpark(waiter);
    }
  }

  boolean isEmpty() {
    return queue.isEmpty() && taken.isEmpty();
  }

  /// Whether something has to be handled by itself, so that nothing may pass it.
  boolean holdsAlone() {
    Pending first = queue.peek();
    return first != null && first.isAlone();
  }

  /// Returns when there is something to take, a moment after it came if nobody waits for it, and
  /// after this time at the latest. By one thread at a time.
  void await(long millis) throws InterruptedException {
    waiter = Thread.currentThread();
    park(Waiting.FOR_ANYTHING, TimeUnit.MILLISECONDS.toNanos(millis));
    if (!queue.isEmpty()) {
      park(Waiting.FOR_HASTE, GATHER_NANOS);
    }
  }

  private void park(Waiting how, long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    waiting.set(how);
    // Whoever puts looks at the state after it put: one of the two sees the other.
    while (waiting.get() == how && !(how == Waiting.FOR_HASTE ? haste : !queue.isEmpty())) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
      if (Thread.interrupted()) {
        waiting.set(Waiting.NOBODY);
        throw new InterruptedException();
      }
    }
    waiting.set(Waiting.NOBODY);
  }

  /// Takes what is there, which counts until it is [#done]; nothing when there is nothing.
  List<Pending> take() {
    haste = false;
    Pending next = queue.poll();
    if (next == null) {
      return List.of();
    }
    List<Pending> batch = new ArrayList<>();
    long size = 0;
    while (next != null) {
      batch.add(next);
      size += next.size();
      Pending after = queue.peek();
      if (next.isAlone() || size >= BATCH_BYTES || batch.size() == BATCH_RECORDS) {
        break;
      }
      next = after == null || after.isAlone() ? null : queue.poll();
    }
    taken = batch;
    haste |= !queue.isEmpty();
    return batch;
  }

  /// What was taken is handled.
  void done() {
    long size = 0;
    for (Pending pending : taken) {
      size += pending.size();
    }
    bytes.addAndGet(-size);
    taken = List.of();
  }

  /// Intents that have waited since before this time, by [System#nanoTime].
  List<Pending.Intent> waitingSince(long nanos) {
    List<Pending.Intent> old = new ArrayList<>();
    collect(taken, nanos, old);
    collect(queue, nanos, old);
    return old;
  }

  private static void collect(Iterable<Pending> from, long nanos, List<Pending.Intent> into) {
    for (Pending pending : from) {
      if (pending instanceof Pending.Intent intent) {
        if (intent.since() - nanos > 0) {
          return;
        }
        into.add(intent);
      }
    }
  }
}
