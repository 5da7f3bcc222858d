package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Whether event loops do their work: what the watchdog of a service goes by.
final class PulseTest {
  @Test
  void oneLoopThatStandsStillIsNoAnswer() throws Exception {
    try (var runtime = new NetRuntime("pulse", 2, TlsProvider.JDK)) {
      assertThat(runtime.answers(Duration.ofSeconds(30))).isTrue();
      var standing = new CountDownLatch(1);
      var end = new CountDownLatch(1);
      runtime
          .loops()
          .next()
          .execute(() -> {
            standing.countDown();
            while (end.getCount() > 0) {
              Thread.onSpinWait();
            }
          });
      standing.await();
      assertThat(runtime.answers(Duration.ofMillis(200))).isFalse();
      end.countDown();
      assertThat(runtime.answers(Duration.ofSeconds(30))).isTrue();
    }
  }
}
