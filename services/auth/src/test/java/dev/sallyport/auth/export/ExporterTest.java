package dev.sallyport.auth.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.store.Bookmark;
import dev.sallyport.audit.store.Retention;
import dev.sallyport.audit.store.Stored;
import dev.sallyport.audit.store.sqlite.SqliteAuditStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExporterTest {
  @TempDir Path folder = Path.of("never");
  private final Rows rows = new Rows();
  private final Sink sink = new Sink();
  private volatile Instant now = Rows.START;
  private SqliteAuditStore store;

  @BeforeEach
  void open() throws IOException {
    store = Rows.store(folder);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Exporter exporter() {
    return new Exporter(store, "file", sink, () -> now, new Random(1));
  }

  @Test
  void copiesAllInOrderAndGoesOnAfterARestart() throws Exception {
    rows.add(store, 3);
    try (var exporter = exporter()) {
      exporter.start();
      await().until(() -> sink.positions().equals(range(1, 3)));
      rows.add(store, 2);
      await().until(() -> sink.positions().equals(range(1, 5)));
      await().until(() -> exporter.state().lag() == 0);
      assertThat(exporter.state().behind()).isZero();
    }
    rows.add(store, 1);
    try (var exporter = exporter()) {
      assertThat(exporter.state().lag()).isEqualTo(1);
      exporter.start();
      await().until(() -> sink.positions().equals(range(1, 6)));
    }
    assertThat(sink.closed).isTrue();
  }

  @Test
  void whatThePlaceRefusedComesAgainAndIsShown() throws Exception {
    rows.add(store, 2);
    sink.broken = "disk\nfull";
    try (var exporter = exporter()) {
      exporter.start();
      await().until(() -> exporter.state().error().isPresent());
      now = now.plusSeconds(90);
      var state = exporter.state();
      assertThat(state.error()).contains("disk full");
      assertThat(state.position()).isZero();
      assertThat(state.lag()).isEqualTo(2);
      assertThat(state.behind()).isEqualTo(Duration.ofSeconds(90));
      sink.broken = "";
      await().until(() -> exporter.state().lag() == 0);
      assertThat(exporter.state().error()).isEmpty();
      assertThat(sink.positions()).isEqualTo(range(1, 2));
    }
  }

  @Test
  void theBookmarkMovesOnlyWhenThePlaceHasIt() throws Exception {
    rows.add(store, 2);
    sink.hold = new CountDownLatch(1);
    var exporter = exporter();
    exporter.start();
    await().until(() -> sink.waiting);
    assertThat(store.bookmark("file").position()).isZero();
    sink.hold.countDown();
    await().until(() -> store.bookmark("file").position() == 2);
    exporter.close();
  }

  @Test
  void closingPutsOutWhatIsWaitingAndEndsSoon() throws Exception {
    sink.pace = new ExportSink.Pace(100, 1 << 20, Duration.ofMinutes(10));
    var exporter = exporter();
    exporter.start();
    rows.add(store, 2);
    await().until(() -> exporter.state().lag() == 2);
    assertThat(sink.positions()).isEmpty();
    exporter.close();
    assertThat(sink.positions()).isEqualTo(range(1, 2));
    assertThat(store.bookmark("file").position()).isEqualTo(2);
  }

  @Test
  void aBatchGoesWhenItIsFullOrWaitedEnough() throws Exception {
    sink.pace = new ExportSink.Pace(3, 1 << 20, Duration.ofMillis(300));
    rows.add(store, 4);
    try (var exporter = exporter()) {
      exporter.start();
      await().until(() -> sink.batches().size() == 1);
      assertThat(sink.batches().getFirst()).hasSize(3);
      now = now.plusSeconds(1);
      await().until(() -> sink.batches().size() == 2);
    }
  }

  @Test
  void recordsThatRetentionTookAreNotWaitedFor() throws Exception {
    rows.add(store, 3);
    var tiny = new Retention(Duration.ofDays(1), 1);
    assertThat(store.retain(tiny, now, 10, List.of("file")).unread()).containsEntry("file", 3L);
    assertThat(store.bookmark("file")).isEqualTo(new Bookmark(3, 3));
    try (var exporter = exporter()) {
      exporter.start();
      rows.add(store, 1);
      await().until(() -> sink.positions().equals(range(4, 4)));
      assertThat(exporter.state().lost()).isEqualTo(3);
    }
    assertThat(store.retain(tiny, now, 10, List.of()).records()).isEqualTo(1);
    try (var late = new Exporter(store, "s3", new Sink(), () -> now, new Random(1))) {
      late.start();
      await().until(() -> store.bookmark("s3").position() == 4);
      assertThat(late.state().lag()).isZero();
    }
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  /// Remembers what was put.
  private static final class Sink implements ExportSink {
    final List<List<Stored>> put = Collections.synchronizedList(new ArrayList<>());
    volatile Pace pace = Pace.AT_ONCE;
    volatile String broken = "";
    volatile CountDownLatch hold = new CountDownLatch(0);
    volatile boolean waiting;
    volatile boolean closed;

    List<List<Stored>> batches() {
      synchronized (put) {
        return List.copyOf(put);
      }
    }

    List<Long> positions() {
      return batches().stream().flatMap(List::stream).map(Stored::position).toList();
    }

    @Override
    public String target() {
      return "nowhere";
    }

    @Override
    public Pace pace() {
      return pace;
    }

    @Override
    public void put(List<Stored> records) throws IOException, InterruptedException {
      waiting = true;
      hold.await();
      if (!broken.isEmpty()) {
        throw new IOException(broken);
      }
      put.add(records);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
