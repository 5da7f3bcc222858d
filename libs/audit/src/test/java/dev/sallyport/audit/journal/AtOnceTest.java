package dev.sallyport.audit.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.audit.RequestJournal.RequestEntry;
import dev.sallyport.audit.journal.JournalSettings.Durability;
import dev.sallyport.audit.journal.JournalSettings.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Intents that an event loop writes by itself.
final class AtOnceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestHost host = new TestHost();
  private final FakeAuth auth = new FakeAuth();
  private final MemoryFiles files = new MemoryFiles();
  private @Nullable AgentJournal journal;

  @AfterEach
  void close() {
    if (journal != null) {
      journal.close(Duration.ofSeconds(5));
    }
  }

  private AgentJournal open(JournalSettings settings) throws IOException {
    AgentJournal opened = AgentJournal.over(files, settings, host, auth, new Random(1));
    journal = opened;
    return opened;
  }

  private AgentJournal open() throws IOException {
    return open(JournalSettings.DEFAULT);
  }

  private boolean inFiles(String uid) {
    return files.contents().values().stream()
        .anyMatch(bytes ->
            new String(bytes, StandardCharsets.ISO_8859_1).contains("\"uid\":\"" + uid + "\""));
  }

  private RequestEntry atOnce(String uid) {
    return Objects.requireNonNull(journal).beginAtOnce(List.of(host.intent(uid))).getFirst();
  }

  private boolean refuses(String uid) {
    return Objects.requireNonNull(journal).beginAtOnce(List.of(host.intent(uid))).isEmpty();
  }

  private void complete(RequestEntry entry, String uid) {
    entry.complete(host.intent(uid).ended(Outcome.ANSWERED, "answered"));
  }

  private boolean answered(String uid) {
    return auth.requests().stream()
        .anyMatch(
            request -> request.header().uid().equals(uid) && request.outcome() == Outcome.ANSWERED);
  }

  /// No other thread runs yet.
  @Test
  void anIntentIsInTheFileWhenTheCallReturns() throws Exception {
    AgentJournal opened = open();
    RequestEntry entry = atOnce("r1");
    assertThat(inFiles("r1")).isTrue();
    complete(entry, "r1");
    atOnce("r2");

    // The journal's beginning, and the outcome that waited and went with the second intent.
    assertThat(opened.stats().sequence()).isEqualTo(2);
    opened.start();
    await().atMost(PATIENCE).until(() -> answered("r1"));
  }

  /// Each is its own, in one write.
  @Test
  void severalAreInTheFileWhenTheCallReturns() throws Exception {
    AgentJournal opened = open();
    long before = files.steps();
    List<RequestEntry> entries =
        opened.beginAtOnce(List.of(host.intent("r1"), host.intent("r2"), host.intent("r3")));
    assertThat(entries).hasSize(3);
    assertThat(files.steps()).isEqualTo(before + 1);
    assertThat(List.of("r1", "r2", "r3")).allMatch(this::inFiles);
    opened.start();
    complete(entries.get(1), "r2");
    await().atMost(PATIENCE).until(() -> answered("r2"));
    assertThat(auth.requests()).hasSize(1);
    complete(entries.get(2), "r3");
    complete(entries.getFirst(), "r1");
    await().atMost(PATIENCE).until(() -> answered("r1") && answered("r3"));
  }

  @Test
  void aFullDiskRefusesAllOfThem() throws Exception {
    AgentJournal opened = open();
    files.room(1500);
    assertThat(opened.beginAtOnce(List.of(host.intent("r1"), host.intent("r2")))).isEmpty();
    assertThat(inFiles("r1")).isFalse();
    assertThat(inFiles("r2")).isFalse();
    files.room(Long.MAX_VALUE);
    opened.start();
  }

  @Test
  void anOutcomeIsWrittenWithoutAnotherRequest() throws Exception {
    open().start();
    complete(atOnce("r1"), "r1");
    await().atMost(PATIENCE).until(() -> answered("r1"));
  }

  /// Requests of several loops, by both ways, with a chain that Auth checks.
  @Test
  void bothWaysKeepOneChain() throws Exception {
    AgentJournal opened = open();
    opened.start();
    int threads = 4;
    int each = 300;
    var directly = new AtomicInteger();
    List<Thread> loops = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      String name = "loop-" + i + "-";
      loops.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int k = 0; k < each; k++) {
                  String uid = name + k;
                  var made = opened.beginAtOnce(List.of(host.intent(uid)));
                  directly.addAndGet(made.size());
                  complete(made.isEmpty() ? queued(opened, uid) : made.getFirst(), uid);
                }
              }));
    }
    for (Thread loop : loops) {
      loop.join();
    }
    await().atMost(PATIENCE).until(() -> auth.requests().size() == threads * each);
    assertThat(auth.requests()).allMatch(request -> request.outcome() == Outcome.ANSWERED);
    assertThat(auth.requests()).extracting(r -> r.header().uid()).doesNotHaveDuplicates();
    assertThat(auth.gaps()).isZero();
    assertThat(auth.chains()).hasSize(1);
    assertThat(directly).hasPositiveValue();
  }

  private RequestEntry queued(AgentJournal opened, String uid) {
    try {
      return IntentWait.begin(opened, host.intent(uid));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void withFsyncNobodyWritesAtOnce() throws Exception {
    open(JournalSettings.of(Durability.FSYNC, Mode.STRICT, JournalSettings.DISK_BYTES)).start();
    assertThat(refuses("r1")).isTrue();
    assertThat(inFiles("r1")).isFalse();
  }

  @Test
  void aDiskThatHangsIsLeftToTheWriter() throws Exception {
    AgentJournal opened = open();
    opened.start();
    CountDownLatch until = new CountDownLatch(1);
    files.stickSync(until);
    complete(queued(opened, "r1"), "r1");
    assertThat(files.syncHangs().await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    await().atMost(PATIENCE).until(() -> refuses("r2"));
    until.countDown();
    await().atMost(PATIENCE).until(() -> !refuses("r3"));
  }

  @Test
  void aFullDiskRefusesAndNothingIsHalfWritten() throws Exception {
    AgentJournal opened = open();
    complete(atOnce("r1"), "r1");
    files.room(100);
    assertThat(refuses("r2")).isTrue();
    assertThat(opened.stats().writable()).isFalse();
    assertThat(refuses("r3")).isTrue();
    files.room(Long.MAX_VALUE);
    opened.start();

    // The outcome that went with the failed write is kept and written.
    await().atMost(PATIENCE).until(() -> answered("r1"));
    assertThat(auth.requests()).hasSize(1);
    await().atMost(PATIENCE).until(() -> !refuses("r4"));
  }

  @Test
  void nothingBeginsWhenItStops() throws Exception {
    AgentJournal opened = open();
    opened.start();
    opened.close(Duration.ofSeconds(5));
    assertThat(refuses("r1")).isTrue();
    assertThat(inFiles("r1")).isFalse();
  }

  /// A file is ended and another begun only by the writer, since both wait for the disk.
  @Test
  void aFullFileIsLeftToTheWriter() throws Exception {
    JournalSettings usual = JournalSettings.DEFAULT;
    AgentJournal opened =
        open(
            new JournalSettings(
                usual.durability(),
                usual.mode(),
                usual.diskBytes(),
                4096,
                usual.syncEvery(),
                usual.checkpointRecords(),
                usual.checkpointEvery(),
                usual.patience()));
    int begun = 0;
    while (!refuses("r" + begun)) {
      begun++;
    }
    assertThat(begun).isPositive();
    assertThat(files.contents()).hasSize(1);
    opened.start();
    complete(queued(opened, "next"), "next");
    await().atMost(PATIENCE).until(() -> !refuses("after"));
  }
}
