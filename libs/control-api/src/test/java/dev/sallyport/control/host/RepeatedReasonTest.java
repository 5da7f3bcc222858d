package dev.sallyport.control.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class RepeatedReasonTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final RepeatedReason reasons = new RepeatedReason(now::get);

  @Test
  void theSameReasonIsToldOnceAMinute() {
    assertThat(reasons.isDue("refused")).isTrue();
    assertThat(reasons.isDue("refused")).isFalse();
    pass(Duration.ofMillis(59_999));
    assertThat(reasons.isDue("refused")).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(reasons.isDue("refused")).isTrue();
    assertThat(reasons.isDue("refused")).isFalse();
  }

  @Test
  void anotherReasonIsToldAtOnce() {
    assertThat(reasons.isDue("refused")).isTrue();
    assertThat(reasons.isDue("unknown host")).isTrue();
    assertThat(reasons.isDue("unknown host")).isFalse();
    assertThat(reasons.isDue("refused")).isTrue();
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }
}
