package dev.sallyport.resources.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.resources.InvalidDocument;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DbLimitsTest {
  private static DbLimits read(String limits) {
    var text =
        """
        version: v3
        teleport: {data_dir: /var/lib/teleport, proxy_server: teleport.example.com}
        db_service:
          enabled: yes
          limits: %s
        """
            .formatted(limits);
    return TeleportFile.read(text, "teleport.yaml").db().orElseThrow().limits();
  }

  @Test
  void whatHoldsWhenNothingIsSaid() {
    assertThat(read("{}")).isEqualTo(DbLimits.DEFAULT);
  }

  @Test
  void everyKey() {
    assertThat(
            read(
                """
                {connections: 500, connections_per_user: 50, connections_per_database: 400,
                 requests: 300, header_size: 8KiB, body_size: 1MiB, body_memory: 64MiB,
                 body_memory_per_user: 16MiB, queue_time: 250ms, read_timeout: 5s,
                 write_timeout: 6s, answer_timeout: 7s, idle_timeout: 5m}\
                """))
        .isEqualTo(
            new DbLimits(
                new DbLimits.Counts(500, 50, 400, 300),
                new DbLimits.Sizes(
                    8 << 10, 1 << 20, Optional.of(64L << 20), Optional.of(16L << 20)),
                new DbLimits.Times(
                    Duration.ofMillis(250),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(7),
                    Duration.ofMinutes(5))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{connections: 0} | db_service.limits.connections",
        "{connections: 100001} | 1 to 100000",
        "{requests: many} | db_service.limits.requests",
        "{header_size: 1KiB} | db_service.limits.header_size",
        "{body_size: 65MiB} | db_service.limits.body_size",
        "{body_memory: 16MiB} | db_service.limits.body_memory",
        "{body_memory: 20MiB} | half of it is one user's, and less than body_size",
        "{body_memory_per_user: 20MiB} | needs body_memory beside it",
        "{body_memory: 64MiB, body_memory_per_user: 65MiB} | limits.body_memory_per_user",
        "{queue_time: 31s} | db_service.limits.queue_time",
        "{idle_timeout: 45s} | from 2m0s to 24h0m0s",
        "{answer_timout: 5s} | answer_timeout",
      })
  void whatCannotWorkIsTold(String limits, String complaint) {
    assertThatThrownBy(() -> read(limits))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining(complaint);
  }
}
