package dev.sallyport.audit.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What waits to be written. Any thread puts, one takes.
final class JournalQueue {

  /// Most bytes that wait; then nothing new is taken. Outcomes are, since they belong to what was.
  static final long BYTES_MAX = 32L << 20;

  private static final int BATCH_BYTES = 1 << 20;
  private static final int BATCH_RECORDS = 4096;

  private final LinkedBlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
  private final AtomicLong bytes = new AtomicLong();
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
  }

  boolean isEmpty() {
    return queue.isEmpty() && taken.isEmpty();
  }

  /// Takes what is there, but something after this time at the latest; nothing when there is
  /// nothing. What was taken before counts as done.
  List<Pending> take(long millis) throws InterruptedException {
    done();
    Pending first = queue.poll(millis, TimeUnit.MILLISECONDS);
    if (first == null) {
      return List.of();
    }
    List<Pending> batch = new ArrayList<>();
    @Nullable Pending next = first;
    long size = 0;
    while (next != null) {
      batch.add(next);
      size += next.size();
      Pending after = queue.peek();
      if (next.isAlone()
          || size >= BATCH_BYTES
          || batch.size() == BATCH_RECORDS
          || (after != null && after.isAlone())) {
        break;
      }
      next = queue.poll();
    }
    taken = batch;
    return batch;
  }

  private void done() {
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
