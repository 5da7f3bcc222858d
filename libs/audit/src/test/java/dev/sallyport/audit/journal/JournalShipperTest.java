package dev.sallyport.audit.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JournalShipperTest {

  private final SegmentLog log;

  JournalShipperTest() throws IOException {
    MemoryFiles files = new MemoryFiles();
    log =
        new SegmentLog(
            files, JournalSettings.DEFAULT, Recovered.from(files), ChainIds.random("host-1"));
  }

  @AfterEach
  void close() throws IOException {
    log.close();
  }

  private void write() throws IOException {
    log.write(List.of(Staged.record("record".getBytes(StandardCharsets.UTF_8))));
    log.sync();
  }

  /// A delivery costs Auth much the same for one record as for a hundred.
  @Test
  void recordsThatComeOneByOneAreGatheredBetweenDeliveries() throws Exception {
    var enough = new CountDownLatch(5);
    JournalShipper shipper =
        new JournalShipper(
            log,
            new JournalQueue(),
            run -> {
              write();
              enough.countDown();
              return run.head().sequence();
            },
            new CountDownLatch(1),
            new Random(1));
    write();
    long start = System.nanoTime();
    Thread shipping = Thread.ofVirtual().start(shipper);
    enough.await();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    shipper.abandon();
    shipping.join();

    assertThat(took).isGreaterThanOrEqualTo(Duration.ofMillis(4 * JournalShipper.GATHER_MILLIS));
  }
}
