package dev.sallyport.audit.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class JournalQueueTest {

  private static final long LONG_MILLIS = 3_600_000;

  private final JournalQueue queue = new JournalQueue();

  private static Pending.Entry entry(int size) {
    return new Pending.Entry(Staged.record(new byte[size]));
  }

  @Test
  void whatIsTakenCountsUntilItIsDone() {
    queue.put(entry(10));
    queue.put(entry(20));
    assertThat(queue.bytes()).isEqualTo(30);
    assertThat(queue.take()).hasSize(2);
    assertThat(queue.bytes()).isEqualTo(30);
    assertThat(queue.isEmpty()).isFalse();
    queue.done();
    assertThat(queue.bytes()).isZero();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void whatIsAloneIsTakenAlone() {
    queue.put(entry(1));
    queue.put(new Pending.StartOver("test", new CountDownLatch(1)));
    queue.put(entry(1));
    assertThat(queue.holdsAlone()).isFalse();
    assertThat(queue.take()).hasSize(1);
    queue.done();
    assertThat(queue.holdsAlone()).isTrue();
    assertThat(queue.take()).hasSize(1).first().isInstanceOf(Pending.StartOver.class);
    queue.done();
    assertThat(queue.take()).hasSize(1);
  }

  /// Whoever waits is woken by whatever comes, from any thread, and nothing stays behind.
  @Test
  void nothingIsLeftLying() throws Exception {
    int threads = 4;
    int each = 2_000;
    List<Pending> got = new ArrayList<>();
    List<Thread> putting = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      boolean hastes = i % 2 == 0;
      putting.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int k = 0; k < each; k++) {
                  queue.put(hastes ? new Pending.Nudge() : entry(1));
                }
              }));
    }
    while (got.size() < threads * each) {
      queue.await(LONG_MILLIS);
      got.addAll(queue.take());
      queue.done();
    }
    for (Thread thread : putting) {
      thread.join();
    }
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.bytes()).isZero();
  }

  /// One at a time, each after the one before was taken: the waiting is entered anew each time.
  @Test
  void eachOneWakesWhoWaits() throws Exception {
    var taken = new ConcurrentLinkedQueue<Pending>();
    var over = new AtomicBoolean();
    Thread taking =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (!over.get()) {
                  queue.await(LONG_MILLIS);
                  taken.addAll(queue.take());
                  queue.done();
                }
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    for (int i = 0; i < 500; i++) {
      Pending next = i % 2 == 0 ? entry(1) : new Pending.Nudge();
      queue.put(next);
      while (!next.equals(taken.peek())) {
        Thread.onSpinWait();
      }
      taken.clear();
    }
    over.set(true);
    queue.put(new Pending.Nudge());
    taking.join();
    assertThat(taken).hasSize(1);
  }
}
