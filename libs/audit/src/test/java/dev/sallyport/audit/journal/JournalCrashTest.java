package dev.sallyport.audit.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.JournalNotice;
import dev.sallyport.audit.DatabaseEvent.JournalState;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The process dies at any step, or its files are damaged at any byte: what was told to be on
/// record is on record after the next start.
final class JournalCrashTest {

  private static final int REQUESTS = 12;

  /// Small files, so that the run goes over several.
  private static final JournalSettings SETTINGS =
      new JournalSettings(
          JournalSettings.Durability.WRITE,
          JournalSettings.Mode.STRICT,
          JournalSettings.DISK_BYTES,
          4096,
          Duration.ofMillis(50),
          5,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5));

  private final TestHost host = new TestHost();

  /// What a run of the writer told its callers until it died.
  private record Told(Set<String> intents, Set<String> outcomes) {}

  @Test
  void whateverStepIsTheLastNothingThatWasToldIsLost() throws Exception {
    MemoryFiles whole = new MemoryFiles();
    Told all = run(whole);
    assertThat(all.outcomes()).hasSize(REQUESTS);
    assertThat(whole.steps()).isGreaterThan(2L * REQUESTS);
    for (long step = 1; step <= whole.steps(); step++) {
      MemoryFiles files = new MemoryFiles();
      files.failFrom(step);
      Told told = run(files);
      FakeAuth auth = deliver(MemoryFiles.of(files.contents()));
      assertThat(missing(told, auth)).as("dead at step %d", step).isEmpty();
      assertThat(auth.gaps()).isZero();
    }
  }

  @Test
  void withFsyncTheSameHoldsForTheLossOfPower() throws Exception {
    MemoryFiles whole = new MemoryFiles();
    run(whole);
    for (long step = 1; step <= whole.steps(); step++) {
      MemoryFiles files = new MemoryFiles();
      files.failFrom(step);
      Set<String> synced = runSynced(files);
      FakeAuth auth = deliver(MemoryFiles.of(files.onDisk()));
      assertThat(outcomes(auth).keySet()).as("off at step %d", step).containsAll(synced);
    }
  }

  @Test
  void aFileTornAtAnyByteLosesOnlyWhatIsBeyond() throws Exception {
    MemoryFiles files = new MemoryFiles();
    run(files, 1);
    String last = new TreeMap<>(files.contents()).lastKey();
    byte[] bytes = Objects.requireNonNull(files.contents().get(last));
    for (int length = 0; length < bytes.length; length++) {
      Map<String, byte[]> torn = new HashMap<>(files.contents());
      torn.put(last, Arrays.copyOf(bytes, length));
      FakeAuth auth = deliver(MemoryFiles.of(torn));

      // Each intent that can still be read has an outcome, and nothing but the end is gone.
      assertThat(auth.gaps()).as("torn at %d", length).isZero();
      assertThat(auth.requests()).noneMatch(request -> request.outcome() == Outcome.INTENDED);
      assertThat(auth.chains()).hasSize(1);
    }
  }

  @Test
  void aFlippedBitCostsOneFrameAndIsTold() throws Exception {
    MemoryFiles files = new MemoryFiles();
    run(files);
    Random random = new Random(17);
    List<String> names = new ArrayList<>(files.contents().keySet());
    for (int round = 0; round < 400; round++) {
      Map<String, byte[]> damaged = new HashMap<>();
      files.contents().forEach((name, bytes) -> damaged.put(name, bytes.clone()));
      byte[] bytes = Objects.requireNonNull(damaged.get(names.get(random.nextInt(names.size()))));
      int at = random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      FakeAuth auth = deliver(MemoryFiles.of(damaged));

      // One record at most is gone, and it shows as a gap; an intent that is gone costs nothing.
      assertThat(auth.requests().size()).as("round %d", round).isGreaterThanOrEqualTo(REQUESTS - 1);
      assertThat(auth.gaps()).isLessThanOrEqualTo(1);
      if (auth.gaps() > 0) {
        assertThat(notices(auth)).contains(JournalState.LOST);
        assertThat(declaredGaps(auth)).containsAll(gaps(auth));
      }
    }
  }

  @Test
  void anyBytesAtAllAreReadOrPassedOver() throws Exception {
    Random random = new Random(23);
    MemoryFiles good = new MemoryFiles();
    run(good);
    for (int round = 0; round < 300; round++) {
      Map<String, byte[]> files = new HashMap<>(good.contents());
      for (int n = random.nextInt(3); n >= 0; n--) {
        byte[] noise = new byte[random.nextInt(2000)];
        random.nextBytes(noise);
        files.put(Segment.name(random.nextInt(8)), noise);
      }
      FakeAuth auth = deliver(MemoryFiles.of(files));
      assertThat(auth.chains()).isNotEmpty();
    }
  }

  @Test
  void replayOfWhatWasDeliveredDoesNoHarm() throws Exception {
    MemoryFiles files = new MemoryFiles();
    run(files);
    FakeAuth auth = new FakeAuth();
    deliver(MemoryFiles.of(files.contents()), auth);
    int before = auth.requests().size();
    deliver(MemoryFiles.of(files.contents()), auth);

    assertThat(auth.requests()).hasSize(before);
  }

  @Test
  void anOldCopyOfTheJournalBeginsANewChainAndLosesNothing() throws Exception {
    MemoryFiles files = new MemoryFiles();
    run(files);
    Map<String, byte[]> old = files.contents();
    FakeAuth auth = new FakeAuth();
    // The first start after the copy goes on with other records than the second.
    start(MemoryFiles.of(old), auth, "first");
    start(MemoryFiles.of(old), auth, "second");

    assertThat(auth.chains()).hasSize(2);
    assertThat(outcomes(auth)).containsKeys("first", "second");
    assertThat(notices(auth)).contains(JournalState.STARTED);
  }

  /// Writes requests until the files fail; in the manner of the journal, without its threads.
  private Told run(MemoryFiles files) {
    return run(files, REQUESTS);
  }

  private Told run(MemoryFiles files, int requests) {
    Told told = new Told(new HashSet<>(), new HashSet<>());
    try {
      SegmentLog log = begin(files);
      for (int i = 0; i < requests; i++) {
        DynamoDbRequest intent = host.intent("r" + i);
        Staged staged = Staged.intent(i + 1, AuditJson.toBytes(intent));
        log.write(List.of(staged));
        told.intents().add("r" + i);
        if (i % 4 == 0) {
          log.sync();
        }
        log.write(
            List.of(
                Staged.outcome(
                    staged, AuditJson.toBytes(intent.ended(Outcome.ANSWERED, "answered")))));
        told.outcomes().add("r" + i);
        if (i % 5 == 4) {
          log.write(host.sign(log.head()));
        }
      }
    } catch (IOException e) {
      // It is dead.
    }
    return told;
  }

  /// What was on the disk, as told, when the files failed.
  private Set<String> runSynced(MemoryFiles files) {
    Set<String> synced = new HashSet<>();
    try {
      SegmentLog log = begin(files);
      for (int i = 0; i < REQUESTS; i++) {
        log.write(List.of(Staged.intent(i + 1, AuditJson.toBytes(host.intent("r" + i)))));
        log.sync();
        synced.add("r" + i);
      }
    } catch (IOException e) {
      // It is dead.
    }
    return synced;
  }

  private SegmentLog begin(MemoryFiles files) throws IOException {
    Recovered recovered = Recovered.from(files);
    SegmentLog log = new SegmentLog(files, SETTINGS, recovered, ChainIds.random("host-1"));
    new JournalWriter(log, SETTINGS, host, _ -> _ -> {}).begin(recovered);
    return log;
  }

  private FakeAuth deliver(MemoryFiles files) throws Exception {
    FakeAuth auth = new FakeAuth();
    deliver(files, auth);
    return auth;
  }

  private void deliver(MemoryFiles files, FakeAuth auth) throws Exception {
    deliver(files, auth, "next");
  }

  /// A start after the crash, without the journal's threads.
  private void deliver(MemoryFiles files, FakeAuth auth, String uid) throws Exception {
    SegmentLog log = begin(files);
    DynamoDbRequest refused = host.intent(uid).ended(Outcome.REFUSED, "refused");
    log.write(List.of(Staged.record(AuditJson.toBytes(refused))));
    log.sync();
    JournalCursor cursor = new JournalCursor(log, 3, 4000, 2);
    for (var run = cursor.next(); run.isPresent(); run = cursor.next()) {
      assertThat(auth.deliver(run.get())).isGreaterThanOrEqualTo(run.get().head().sequence());
    }
    assertThat(auth.requests()).anyMatch(request -> request.header().uid().equals(uid));
  }

  /// The same with them.
  private void start(MemoryFiles files, FakeAuth auth, String uid) throws Exception {
    AgentJournal journal = AgentJournal.over(files, SETTINGS, host, auth, new Random(1));
    journal.start();
    journal.append(host.intent(uid).ended(Outcome.REFUSED, "refused"));
    // A journal that closes before Auth has answered leaves a refused chain to the next start.
    await().until(() -> outcomes(auth).containsKey(uid));
    journal.close(Duration.ofSeconds(20));
  }

  private static List<String> missing(Told told, FakeAuth auth) {
    Map<String, Outcome> outcomes = outcomes(auth);
    List<String> missing = new ArrayList<>();
    for (String uid : told.intents()) {
      Outcome outcome = outcomes.get(uid);
      Outcome least = told.outcomes().contains(uid) ? Outcome.ANSWERED : Outcome.UNKNOWN;
      if (outcome == null || (least == Outcome.ANSWERED && outcome != Outcome.ANSWERED)) {
        missing.add(uid + " " + outcome);
      }
    }
    return missing;
  }

  private static Map<String, Outcome> outcomes(FakeAuth auth) {
    Map<String, Outcome> outcomes = new HashMap<>();
    auth.requests().forEach(request -> outcomes.put(request.header().uid(), request.outcome()));
    return outcomes;
  }

  private static List<String> gaps(FakeAuth auth) {
    List<String> gaps = new ArrayList<>();
    for (List<String> records : auth.chains().values()) {
      for (int i = 0; i < records.size(); i++) {
        if (records.get(i).isEmpty()) {
          gaps.add((i + 1) + "-" + (i + 1));
        }
      }
    }
    return gaps;
  }

  private static List<String> declaredGaps(FakeAuth auth) {
    return auth.events().values().stream()
        .filter(JournalNotice.class::isInstance)
        .flatMap(event -> ((JournalNotice) event).gaps().stream())
        .toList();
  }

  private static List<JournalState> notices(FakeAuth auth) {
    return auth.events().values().stream()
        .filter(JournalNotice.class::isInstance)
        .map(event -> ((JournalNotice) event).state())
        .toList();
  }
}
