package dev.sallyport.audit.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.JournalNotice;
import dev.sallyport.audit.DatabaseEvent.JournalState;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.audit.RequestJournal.RequestEntry;
import dev.sallyport.audit.journal.JournalSettings.Durability;
import dev.sallyport.audit.journal.JournalSettings.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AgentJournalTest {

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

  private AgentJournal journal() {
    return Objects.requireNonNull(journal);
  }

  private static JournalSettings settings(Durability durability, Mode mode, long diskBytes) {
    return new JournalSettings(
        durability,
        mode,
        diskBytes,
        32 * 1024,
        Duration.ofMillis(50),
        100,
        Duration.ofSeconds(10),
        Duration.ofMillis(300));
  }

  private void open(Mode mode) throws IOException {
    open(settings(Durability.WRITE, mode, JournalSettings.DISK_BYTES));
  }

  private void open(JournalSettings settings) throws IOException {
    journal = AgentJournal.over(files, settings, host, auth, new Random(1));
    journal().start();
  }

  private RequestEntry begin(String uid) throws Exception {
    return begin(host.intent(uid));
  }

  private RequestEntry begin(DynamoDbRequest intent) throws Exception {
    return IntentWait.begin(journal(), intent);
  }

  private void request(String uid) throws Exception {
    begin(uid).complete(host.intent(uid).ended(Outcome.ANSWERED, "answered"));
  }

  private static boolean holds(byte[] bytes, String uid) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.contains("\"uid\":\"" + uid + "\"");
  }

  private Outcome outcome(String uid) {
    return auth.requests().stream()
        .filter(request -> request.header().uid().equals(uid))
        .map(DynamoDbRequest::outcome)
        .findFirst()
        .orElse(Outcome.INTENDED);
  }

  @ParameterizedTest
  @EnumSource
  void requestsReachAuthInOrderAndTheFilesVanish(Durability durability) throws Exception {
    open(settings(durability, Mode.STRICT, JournalSettings.DISK_BYTES));
    for (int i = 0; i < 200; i++) {
      request("r" + i);
    }
    await().atMost(PATIENCE).until(() -> auth.requests().size() == 200);

    assertThat(auth.requests()).extracting(r -> r.header().uid()).startsWith("r0", "r1", "r2");
    assertThat(auth.chains()).hasSize(1);
    assertThat(auth.gaps()).isZero();
    await().atMost(PATIENCE).until(() -> files.contents().size() <= 2);
    assertThat(journal().stats().waiting()).isZero();
    journal().close(PATIENCE);
    assertThat(auth.checkpoints()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void anIntentIsInTheFileWhenItsRequestMayLeave() throws Exception {
    open(Mode.STRICT);
    begin("r1");

    assertThat(files.contents().values()).anyMatch(bytes -> holds(bytes, "r1"));
  }

  @Test
  void withFsyncItIsOnTheDisk() throws Exception {
    open(settings(Durability.FSYNC, Mode.STRICT, JournalSettings.DISK_BYTES));
    begin("r1");

    assertThat(files.onDisk().values()).anyMatch(bytes -> holds(bytes, "r1"));
  }

  @Test
  void whatIsWrittenIsOnTheDiskSoonAfter() throws Exception {
    open(Mode.STRICT);
    begin("r1");

    await()
        .atMost(PATIENCE)
        .until(() -> files.onDisk().values().stream().anyMatch(bytes -> holds(bytes, "r1")));
  }

  @Test
  void whatAuthDoesNotTakeWaitsAndComesLater() throws Exception {
    auth.away(true);
    open(Mode.STRICT);
    for (int i = 0; i < 50; i++) {
      request("r" + i);
    }
    await().atMost(PATIENCE).until(() -> auth.calls() >= 2);
    assertThat(auth.requests()).isEmpty();
    assertThat(journal().stats().waiting()).isGreaterThanOrEqualTo(1);
    auth.away(false);

    await().atMost(PATIENCE).until(() -> auth.requests().size() == 50);
  }

  @Test
  void anAuthThatWasPutBackToAnOldCopyHoldsNothingUp() throws Exception {
    auth.forgetBeforeSignature();
    open(Mode.STRICT);
    request("r1");
    await().atMost(PATIENCE).until(auth::forgot);
    request("r2");

    await().atMost(PATIENCE).until(() -> outcome("r2") == Outcome.ANSWERED);
    assertThat(auth.gaps()).isPositive();
  }

  @Test
  void whatAuthDidNotTakeBeforeTheEndComesAfterTheNextStart() throws Exception {
    auth.away(true);
    open(Mode.STRICT);
    request("r1");
    journal().close(Duration.ofMillis(300));
    auth.away(false);
    open(Mode.STRICT);

    await().atMost(PATIENCE).until(() -> outcome("r1") == Outcome.ANSWERED);
    assertThat(auth.chains()).hasSize(1);
  }

  @Test
  void aFullDiskRefusesRequestsAndHoldsOutcomesUntilThereIsRoom() throws Exception {
    auth.away(true);
    open(Mode.STRICT);
    RequestEntry under = begin("r1");
    files.room(0);
    assertThatThrownBy(() -> begin("r2")).isInstanceOf(AuditUnavailable.class);
    under.complete(host.intent("r1").ended(Outcome.ANSWERED, "answered"));
    assertThatThrownBy(() -> begin("r3"))
        .isInstanceOf(AuditUnavailable.class)
        .hasMessageContaining("cannot be written");
    files.room(Long.MAX_VALUE);
    await().atMost(PATIENCE).until(() -> journal().stats().writable());
    request("r4");
    auth.away(false);

    await().atMost(PATIENCE).until(() -> outcome("r4") == Outcome.ANSWERED);
    assertThat(outcome("r1")).isEqualTo(Outcome.ANSWERED);
    assertThat(auth.requests()).hasSize(2);
    assertThat(auth.gaps()).isZero();
  }

  @Test
  void inBestEffortAFullDiskLosesRecordsAndSaysHowMany() throws Exception {
    open(Mode.BEST_EFFORT);
    request("r1");
    await().atMost(PATIENCE).until(() -> outcome("r1") == Outcome.ANSWERED);
    files.room(0);
    request("r2");
    request("r3");
    await().atMost(PATIENCE).until(() -> journal().stats().lost() == 2);
    files.room(Long.MAX_VALUE);
    await().atMost(PATIENCE).until(() -> journal().stats().writable());
    request("r4");

    await().atMost(PATIENCE).until(() -> outcome("r4") == Outcome.ANSWERED);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(auth.events().values())
                .filteredOn(JournalNotice.class::isInstance)
                .map(JournalNotice.class::cast)
                .filteredOn(notice -> notice.state() == JournalState.LOST)
                .extracting(JournalNotice::records)
                .containsExactly(2L));
    assertThat(auth.requests()).extracting(r -> r.header().uid()).contains("r1", "r4");
  }

  @Test
  void theDiskLimitRefusesRequestsUntilAuthTookWhatWaits() throws Exception {
    auth.away(true);
    open(settings(Durability.WRITE, Mode.STRICT, 200_000));
    RequestEntry under = begin("r0");
    AuditUnavailable refusal = null;
    for (int i = 1; refusal == null; i++) {
      try {
        request("r" + i);
      } catch (AuditUnavailable e) {
        refusal = e;
      }
    }
    assertThat(refusal).hasMessageContaining("wait for Auth").hasMessageContaining("200000");
    assertThat(journal().stats().bytes()).isLessThan(210_000);
    // What was let go before still gets its outcome.
    under.complete(host.intent("r0").ended(Outcome.ANSWERED, "answered"));
    auth.away(false);
    await().atMost(PATIENCE).until(() -> journal().stats().bytes() < 200_000);
    request("last");

    await().atMost(PATIENCE).until(() -> outcome("last") == Outcome.ANSWERED);
    assertThat(outcome("r0")).isEqualTo(Outcome.ANSWERED);
  }

  @Test
  void aRequestThatTakesForeverHoldsUpNoOther() throws Exception {
    open(settings(Durability.WRITE, Mode.STRICT, 200_000));
    RequestEntry forever = begin("forever");
    for (int i = 0; i < 400; i++) {
      request("r" + i);
      await()
          .pollDelay(Duration.ZERO)
          .atMost(PATIENCE)
          .until(() -> journal().stats().bytes() < 150_000);
    }
    // It is on record all the same, whatever dies now.
    assertThat(files.onDisk().values()).anyMatch(bytes -> holds(bytes, "forever"));
    FakeAuth other = new FakeAuth();
    AgentJournal next =
        AgentJournal.over(
            MemoryFiles.of(files.onDisk()),
            settings(Durability.WRITE, Mode.STRICT, 200_000),
            host,
            other,
            new Random(1));
    next.start();
    next.close(PATIENCE);
    assertThat(other.requests())
        .filteredOn(request -> request.header().uid().equals("forever"))
        .singleElement()
        .satisfies(request -> assertThat(request.outcome()).isEqualTo(Outcome.UNKNOWN));

    forever.complete(host.intent("forever").ended(Outcome.ANSWERED, "answered"));
    await().atMost(PATIENCE).until(() -> outcome("forever") == Outcome.ANSWERED);
    assertThat(auth.requests()).hasSize(401);
    assertThat(auth.gaps()).isZero();
  }

  @Test
  void aSlowDiskRefusesWhoWaitsTooLongAndTheRecordSaysNotSent() throws Exception {
    open(Mode.STRICT);
    request("r1");
    // Else the outcome of the first may be what is stuck, and the second is never written.
    await().atMost(PATIENCE).until(() -> outcome("r1") == Outcome.ANSWERED);
    CountDownLatch stuck = new CountDownLatch(1);
    files.stick(stuck);

    assertThatThrownBy(() -> begin("r2"))
        .isInstanceOf(AuditUnavailable.class)
        .hasMessageContaining("was not written within");
    stuck.countDown();

    await().atMost(PATIENCE).until(() -> outcome("r2") == Outcome.NOT_SENT);
    request("r3");
    await().atMost(PATIENCE).until(() -> outcome("r3") == Outcome.ANSWERED);
  }

  @Test
  void aSlowDiskLetsRequestsGoOnWithBestEffortAndTheirOwnOutcomeIsOnRecord() throws Exception {
    open(Mode.BEST_EFFORT);
    request("r1");
    await().atMost(PATIENCE).until(() -> outcome("r1") == Outcome.ANSWERED);
    CountDownLatch stuck = new CountDownLatch(1);
    files.stick(stuck);

    RequestEntry under = begin("r2");
    stuck.countDown();
    request("r3");
    await().atMost(PATIENCE).until(() -> outcome("r3") == Outcome.ANSWERED);
    under.complete(host.intent("r2").ended(Outcome.ANSWERED, "answered"));

    await().atMost(PATIENCE).until(() -> outcome("r2") == Outcome.ANSWERED);
    assertThat(auth.requests()).filteredOn(r -> r.header().uid().equals("r2")).hasSize(1);
  }

  @Test
  void aDiskThatDoesNotSyncRefusesWithFsync() throws Exception {
    open(settings(Durability.FSYNC, Mode.STRICT, JournalSettings.DISK_BYTES));
    request("r1");
    // Else the outcome of the first may be what does not sync, and the second is refused at once.
    await().atMost(PATIENCE).until(() -> outcome("r1") == Outcome.ANSWERED);
    files.syncFails(true);
    assertThatThrownBy(() -> begin("r2")).isInstanceOf(AuditUnavailable.class);
    files.syncFails(false);

    await().atMost(PATIENCE).until(() -> journal().stats().writable());
    request("r3");
    await().atMost(PATIENCE).until(() -> outcome("r3") == Outcome.ANSWERED);
    await().atMost(PATIENCE).until(() -> outcome("r2") == Outcome.NOT_SENT);
  }

  @Test
  void clockJumpsChangeTimesAndNothingElse() throws Exception {
    open(Mode.STRICT);
    request("r1");
    host.now = host.now.minus(Duration.ofDays(400));
    request("r2");
    host.now = host.now.plus(Duration.ofDays(4000));
    request("r3");

    await().atMost(PATIENCE).until(() -> auth.requests().size() == 3);
    assertThat(auth.requests()).extracting(r -> r.header().uid()).containsExactly("r1", "r2", "r3");
    assertThat(auth.gaps()).isZero();
  }

  @Test
  void onlyOneProcessUsesAFolder(@TempDir Path folder) throws Exception {
    journal =
        AgentJournal.open(folder.resolve("j"), JournalSettings.DEFAULT, host, auth, new Random(1));
    journal().start();

    assertThatThrownBy(() ->
            AgentJournal.open(
                folder.resolve("j"), JournalSettings.DEFAULT, host, auth, new Random(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("uses the journal");
  }

  @Test
  void onRealFilesTheChainGoesOnOverRestarts(@TempDir Path folder) throws Exception {
    for (int start = 0; start < 3; start++) {
      journal = AgentJournal.open(folder, JournalSettings.DEFAULT, host, auth, new Random(1));
      journal().start();
      request("r" + start);
      journal().close(PATIENCE);
    }

    assertThat(auth.chains()).hasSize(1);
    assertThat(auth.requests()).hasSize(3);
    assertThat(auth.chains().values()).allSatisfy(records -> assertThat(records).hasSize(4));
    try (var left = Files.list(folder)) {
      assertThat(left.toList()).hasSizeLessThanOrEqualTo(3);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsToldAtTheStart(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");

    assertThatThrownBy(() ->
            AgentJournal.open(
                file.resolve("j"), JournalSettings.DEFAULT, host, auth, new Random(1)))
        .isInstanceOf(IOException.class);
  }
}
