package dev.sallyport.auth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.audit.AuditUnavailable;
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
  private static final Instant WRONG = START.plus(Duration.ofDays(4000));

  @TempDir Path folder = Path.of("never");

  @Test
  void aClockThatIsSetForwardDropsLittleARound() throws Exception {
    try (var store = store(Duration.ofMinutes(1))) {
      var pace = new RetentionPace(AGE);
      for (var round = 1; round <= 5; round++) {
        assertThat(round(store, pace, WRONG)).isEqualTo(2);
        assertThat(pace.isBehind(WRONG, oldest(store))).isTrue();
      }
      assertThat(store.after(0, 1000, 1 << 20)).hasSize(90);
      // One that is set back drops nothing.
      assertThat(round(store, pace, START.minus(Duration.ofDays(4000)))).isZero();
    }
  }

  @Test
  void aLogWithFewRecordsIsNotLostFaster() throws Exception {
    try (var store = store(Duration.ofHours(1))) {
      var pace = new RetentionPace(AGE);
      var dropped = 0L;
      // An hour in steps of two minutes.
      for (var round = 1; round <= 30; round++) {
        dropped += round(store, pace, WRONG);
      }
      assertThat(dropped).isEqualTo(1);
    }
  }

  @Test
  void aClockThatIsSetForwardWhileItRunsDropsNothingAtFirst() throws Exception {
    try (var store = store(Duration.ofHours(1))) {
      var pace = new RetentionPace(AGE);
      var now = START.plus(Duration.ofDays(5));
      assertThat(round(store, pace, now)).isZero();
      for (var round = 1; round <= 100; round++) {
        assertThat(round(store, pace, WRONG)).isZero();
      }
      // Right again.
      assertThat(round(store, pace, now.plusSeconds(500))).isZero();
      assertThat(pace.judged(now.plusSeconds(505), oldest(store))).isEqualTo(now.plusSeconds(505));
    }
  }

  @Test
  void aRightClockDropsWhatIsTooOld() {
    var now = START.plus(AGE).plusSeconds(5);
    var pace = new RetentionPace(AGE);
    assertThat(pace.judged(now, START)).isEqualTo(now);
    assertThat(pace.isBehind(now, START)).isFalse();
  }

  /// A hundred records.
  private SqliteAuditStore store(Duration apart) throws Exception {
    var store = SqliteAuditStore.open(folder.resolve("audit.db"));
    var link = ChainLink.origin(new ChainId("host-1", "0".repeat(32)));
    for (var i = 0; i < 100; i++) {
      var next = link.next("{}".getBytes(StandardCharsets.UTF_8));
      var entry = new ChainEntry(next.sequence(), link.hash().hex(), next.hash().hex(), "{}");
      store.append(link.chain(), List.of(entry), START.plus(apart.multipliedBy(i)));
      link = next;
    }
    return store;
  }

  private static long round(SqliteAuditStore store, RetentionPace pace, Instant now)
      throws AuditUnavailable {
    var judged = pace.judged(now, oldest(store));
    return store.retain(new Retention(AGE, 1L << 30), judged, 5000, List.of()).records();
  }

  private static Instant oldest(SqliteAuditStore store) throws AuditUnavailable {
    return store.after(0, 1, 1).getFirst().came();
  }
}
