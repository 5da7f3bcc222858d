package dev.sallyport.detector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BlockingDetectorTest {
  private static List<String> waitsOf(String threadName, Runnable work)
      throws InterruptedException {
    try (var detector = new BlockingDetector()) {
      Thread thread = new Thread(work, threadName);
      thread.start();
      thread.join();
      return detector.finish();
    }
  }

  @Test
  void aParkOnAnEventLoopIsFoundWithItsPlace() throws InterruptedException {
    assertThat(
            waitsOf(
                BlockingDetector.LOOP_PREFIX + "x-1",
                () -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5))))
        .isNotEmpty()
        .first()
        .asString()
        .contains("waited")
        .contains("BlockingDetectorTest");
  }

  @Test
  void waitingForAFutureOnAnEventLoopIsFound() throws InterruptedException {
    assertThat(
            waitsOf(
                BlockingDetector.LOOP_PREFIX + "x-2",
                () ->
                    new CompletableFuture<String>()
                        .completeOnTimeout("done", 20, TimeUnit.MILLISECONDS)
                        .join()))
        .isNotEmpty();
  }

  /// Runs the work on a loop while another thread has the lock, which it gives back once the loop
  /// stands still.
  private static List<String> waitsAt(Consumer<Runnable> whileLocked, Runnable work)
      throws InterruptedException {
    try (var detector = new BlockingDetector()) {
      Thread loop = new Thread(work, BlockingDetector.LOOP_PREFIX + "x-4");
      whileLocked.accept(() -> {
        loop.start();
        while (loop.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      });
      loop.join();
      return detector.finish();
    }
  }

  @Test
  void twoThatMeetAtTheLockOfAQueueAreNotBlamed() throws InterruptedException {
    var queue = new ArrayBlockingQueue<>(2, false, List.of("first"));
    assertThat(
            waitsAt(
                run ->
                    queue.removeIf(one -> {
                      run.run();
                      return true;
                    }),
                () -> queue.offer("second")))
        .isEmpty();
    assertThat(queue).containsExactly("second");
  }

  @Test
  void aLockOfOurOwnIsFound() throws InterruptedException {
    var lock = new ReentrantLock();
    assertThat(
            waitsAt(
                run -> {
                  lock.lock();
                  try {
                    run.run();
                  } finally {
                    lock.unlock();
                  }
                },
                lock::lock))
        .isNotEmpty();
  }

  @Test
  void waitingForSomethingToComeIntoAQueueIsFound() throws InterruptedException {
    var queue = new ArrayBlockingQueue<String>(1);
    assertThat(
            waitsOf(
                BlockingDetector.LOOP_PREFIX + "x-5",
                () -> {
                  try {
                    queue.poll(5, TimeUnit.MILLISECONDS);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }))
        .isNotEmpty();
  }

  @Test
  void anyOtherThreadMayWait() throws InterruptedException {
    assertThat(waitsOf("worker-1", () -> LockSupport.parkNanos(5_000_000))).isEmpty();
  }

  @Test
  void aLoopThatDoesNotWaitIsNotBlamed() throws InterruptedException {
    assertThat(waitsOf(BlockingDetector.LOOP_PREFIX + "x-3", () -> {})).isEmpty();
  }
}
