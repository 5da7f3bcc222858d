package dev.sallyport.detector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

  @Test
  void anyOtherThreadMayWait() throws InterruptedException {
    assertThat(waitsOf("worker-1", () -> LockSupport.parkNanos(5_000_000))).isEmpty();
  }

  @Test
  void aLoopThatDoesNotWaitIsNotBlamed() throws InterruptedException {
    assertThat(waitsOf(BlockingDetector.LOOP_PREFIX + "x-3", () -> {})).isEmpty();
  }
}
