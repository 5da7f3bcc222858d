package dev.sallyport.auth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.store.ChainEntry;
import dev.sallyport.audit.store.Retention;
import dev.sallyport.audit.store.sqlite.SqliteAuditStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetentionPaceTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration AGE = Duration.ofDays(30);

  @TempDir Path folder = Path.of("never");

  @Test
  void aClockThatIsSetForwardDropsLittleARound() throws Exception {
    var link = ChainLink.origin(new ChainId("host-1", "0".repeat(32)));
    try (var store = SqliteAuditStore.open(folder.resolve("audit.db"))) {
      // A record each minute.
      for (var i = 0; i < 100; i++) {
        var next = link.next("{}".getBytes(StandardCharsets.UTF_8));
        var entry = new ChainEntry(next.sequence(), link.hash().hex(), next.hash().hex(), "{}");
        store.append(link.chain(), List.of(entry), START.plus(Duration.ofMinutes(i)));
        link = next;
      }
      var wrong = START.plus(Duration.ofDays(4000));
      for (var round = 1; round <= 5; round++) {
        var oldest = store.after(0, 1, 1).getFirst().came();
        var now = RetentionPace.judged(wrong, oldest, AGE);
        var dropped = store.retain(new Retention(AGE, 1L << 30), now, 5000, List.of());
        assertThat(dropped.records()).isEqualTo(2);
        assertThat(RetentionPace.isBehind(wrong, oldest, AGE)).isTrue();
      }
      assertThat(store.after(0, 1000, 1 << 20)).hasSize(90);
      // One that is set back drops nothing.
      var oldest = store.after(0, 1, 1).getFirst().came();
      var early = RetentionPace.judged(START.minus(Duration.ofDays(4000)), oldest, AGE);
      assertThat(store.retain(new Retention(AGE, 1L << 30), early, 5000, List.of()).records())
          .isZero();
    }
  }

  @Test
  void aRightClockDropsWhatIsTooOld() {
    var now = START.plus(AGE).plusSeconds(5);
    assertThat(RetentionPace.judged(now, START, AGE)).isEqualTo(now);
    assertThat(RetentionPace.isBehind(now, START, AGE)).isFalse();
  }
}
