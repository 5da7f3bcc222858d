package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class VirtualThreadPulseTest {
  @Test
  void whereVirtualThreadsHoldUpEachOtherThereIsNone() throws Exception {
    assertThat(VirtualThreadPulse.beats(Duration.ofSeconds(30))).isTrue();
    int carriers = Runtime.getRuntime().availableProcessors();
    var held = new CountDownLatch(carriers);
    var end = new CountDownLatch(1);
    for (int i = 0; i < carriers; i++) {
      Thread.ofVirtual()
          .start(() -> {
            held.countDown();
            while (end.getCount() > 0) {
              Thread.onSpinWait();
            }
          });
    }
    held.await();
    assertThat(VirtualThreadPulse.beats(Duration.ofMillis(200))).isFalse();
    end.countDown();
    assertThat(VirtualThreadPulse.beats(Duration.ofSeconds(30))).isTrue();
  }
}
