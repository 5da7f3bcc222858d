package dev.sallyport.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "30h, PT30H, 30h0m0s",
    "30h0m0s, PT30H, 30h0m0s",
    "1h30m, PT1H30M, 1h30m0s",
    "90s, PT1M30S, 1m30s",
    "1.5s, PT1.5S, 1.5s",
    "250ms, PT0.25S, 0.25s",
    "0, PT0S, 0s",
    "-1m, PT-1M, -1m0s"
  })
  void lengths_of_time_are_read_and_written(String text, Duration duration, String written) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
    assertThat(Durations.format(duration)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h", "1", "1 h", "1d", "1h-30m", "٣h", "99999999999h", "1..5s"})
  void what_is_no_length_of_time_is_refused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a length of time");
  }

  @Test
  void what_is_written_reads_back() {
    var random = new Random(3);
    for (int i = 0; i < 5_000; i++) {
      var duration = Duration.ofNanos(random.nextLong(1L << 60));
      assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    }
  }
}
