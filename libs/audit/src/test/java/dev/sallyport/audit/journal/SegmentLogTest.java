package dev.sallyport.audit.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Which files may go, and when.
final class SegmentLogTest {

  /// Each batch fills a file.
  private static final JournalSettings SETTINGS =
      new JournalSettings(
          JournalSettings.Durability.WRITE,
          JournalSettings.Mode.STRICT,
          JournalSettings.DISK_BYTES,
          64,
          Duration.ofMillis(50),
          1000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5));

  private final TestHost host = new TestHost();
  private final MemoryFiles files = new MemoryFiles();
  private final SegmentLog log = open(files);

  private static SegmentLog open(MemoryFiles files) {
    try {
      return new SegmentLog(files, SETTINGS, Recovered.from(files), ChainIds.random("host-1"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Staged intent(long number, String uid) {
    return Staged.intent(number, AuditJson.toBytes(host.intent(uid)));
  }

  private Staged outcome(Staged intent, String uid) {
    return Staged.outcome(
        intent, AuditJson.toBytes(host.intent(uid).ended(Outcome.ANSWERED, "answered")));
  }

  private Segment last() {
    return Objects.requireNonNull(log.lastSegment());
  }

  private static boolean onDisk(MemoryFiles files, String text) {
    return files.onDisk().values().stream()
        .anyMatch(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains(text));
  }

  @Test
  void anIntentStaysUntilItsOutcomeIsOnTheDiskOrAtAuth() throws Exception {
    Staged first = intent(1, "r1");
    log.write(List.of(first));
    log.sync();
    log.write(List.of(outcome(first, "r1")));
    Segment holdsOutcome = last();
    files.syncFails(true);
    assertThatThrownBy(log::sync).isInstanceOf(IOException.class);
    files.syncFails(false);
    log.write(List.of(outcome(intent(2, "r2"), "r2")));
    log.sync();
    Segment after = last();

    log.deleteBefore(holdsOutcome);
    assertThat(onDisk(files, "\"r1\"")).as("the disk lost the outcome").isTrue();

    // Auth has the outcome now.
    log.deleteBefore(after);
    log.sync();
    log.deleteBefore(after);
    assertThat(files.contents()).hasSize(1);
  }

  @Test
  void anOpenIntentInAFileThatTheDiskDidNotTakeIsWrittenAgain() throws Exception {
    log.write(List.of(intent(1, "r1")));
    files.syncFails(true);
    assertThatThrownBy(log::sync).isInstanceOf(IOException.class);
    files.syncFails(false);
    log.write(List.of(outcome(intent(2, "r2"), "r2")));

    log.deleteBefore(last());
    log.sync();
    log.deleteBefore(last());

    assertThat(onDisk(files, "\"r1\"")).isTrue();
    Recovered again = Recovered.from(MemoryFiles.of(files.onDisk()));
    assertThat(again.open).hasSize(1);
  }

  @Test
  void aCopyIsDoneWhenItIsOnTheDisk() throws Exception {
    JournalWriter writer = new JournalWriter(log, SETTINGS, host, _ -> _ -> {});
    log.write(List.of(outcome(intent(1, "r1"), "r1")));
    files.syncFails(true);
    CompletableFuture<Boolean> failed = new CompletableFuture<>();
    writer.handle(List.of(new Pending.Copy(List.of(outcome(intent(2, "r2"), "r2")), failed)));
    assertThat(failed).isCompletedWithValue(false);

    files.syncFails(false);
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    writer.handle(List.of(new Pending.Copy(List.of(outcome(intent(2, "r2"), "r2")), done)));
    assertThat(done).isCompletedWithValue(true);
    assertThat(onDisk(files, "\"r2\"")).isTrue();
  }

  @Test
  void whatIsCopiedToAnotherChainStaysUntilTheCopyIsOnTheDisk() throws Exception {
    for (int i = 0; i < 3; i++) {
      log.write(List.of(outcome(intent(i + 1, "r" + i), "r" + i)));
    }
    log.sync();
    JournalQueue queue = new JournalQueue();
    var written = new CountDownLatch(1);
    JournalShipper shipper =
        new JournalShipper(
            log,
            queue,
            _ -> {
              throw new JournalDelivery.ChainRefused("other records are kept");
            },
            written,
            new Random(1));
    Thread shipping = Thread.ofVirtual().start(shipper);
    int copies = 0;
    while (copies < 6) {
      queue.await(100);
      for (Pending pending : queue.take()) {
        if (pending instanceof Pending.StartOver over) {
          log.startOver(ChainIds.random("host-1"));
          over.done().countDown();
        } else if (pending instanceof Pending.Copy copy) {
          assertThat(onDisk(files, "\"r0\"")).isTrue();
          copies++;
          copy.done().complete(false);
        }
      }
      queue.done();
    }
    shipper.abandon();
    shipping.join();

    assertThat(onDisk(files, "\"r0\"")).isTrue();
    assertThat(onDisk(files, "\"r2\"")).isTrue();
  }
}
