package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Under load, the Auth Service, the Proxy and the agent are killed and frozen in a random order,
 * again and again. Afterwards each request that reached AWS is on record and each record of an
 * answer belongs to such a request; a record that does not know its outcome belongs to a blow;
 * nothing is on record twice, and the chains verify. Programs see only what an SDK tries again, and
 * go on through the same tunnel.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KillsIT {
  private static final Logger log = LoggerFactory.getLogger(KillsIT.class);
  private static final long SEED = 20261126;
  private static final int ROUNDS = 4;
  private static final Duration PAUSE = Duration.ofMillis(25);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CALLS_THAT_SHOW_IT = 10;
  private static final int TURNS = 10;
  private static final String BROKEN = "broken connection";
  private static final Set<String> OUTAGES =
      Set.of("503 ServiceUnavailableException", "400 ThrottlingException");

  /** How long before a blow a request may have been sent that it leaves without an outcome. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(15);

  private final Random random = new Random(SEED);
  private final InstantSource clock = InstantSource.system();
  private final GuideSite guide;
  private final List<Blow> blows = new ArrayList<>();
  private @Nullable RunningProcess auth;
  private @Nullable RunningProcess proxy;
  private @Nullable RunningProcess agent;
  private Robot.@Nullable Tunnel tunnel;

  KillsIT(@TempDir Path folder) throws IOException {
    guide = new GuideSite(folder);
  }

  private enum Part {
    AGENT,
    AUTH,
    PROXY
  }

  /** Each process of ours that a site is made of. */
  enum Member {
    AGENT,
    AUTH,
    PROXY,
    TSH
  }

  private RunningProcess process(Member part) {
    return Optional.ofNullable(
            switch (part) {
              case AGENT -> agent;
              case AUTH -> auth;
              case PROXY -> proxy;
              case TSH -> tunnel == null ? null : tunnel.process();
            })
        .orElseThrow();
  }

  private record Kind(Part part, boolean kill) {
    static List<Kind> all() {
      return Arrays.stream(Part.values())
          .flatMap(part -> Stream.of(new Kind(part, true), new Kind(part, false)))
          .toList();
    }
  }

  private record Blow(Instant from, Instant to) {
    boolean explains(Instant request) {
      return request.isAfter(from.minus(UNDER_WAY)) && request.isBefore(to);
    }
  }

  @BeforeAll
  void start() throws IOException {
    Load.createTable(guide);
    auth = guide.startAuth();
    proxy = guide.joinProxy();
    guide.createRole();
    agent = guide.joinAgent();
    tunnel =
        Robot.add(guide, "owner", "aws-dynamodb-access", "10h")
            .open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
  }

  @AfterAll
  void stop() {
    Optional.ofNullable(tunnel).ifPresent(Robot.Tunnel::close);
    guide.close();
  }

  @Test
  void blowsLoseNoRecord() throws IOException {
    blowsLoseNothing(1);
  }

  @RepeatedTest(10)
  @Tag("long")
  void moreThanTwoHundredBlowsLoseNoRecord() throws IOException {
    blowsLoseNothing(ROUNDS);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anAuthServiceWithAFullDiskLosesNoRecordAndGoesOn() throws IOException {
    RunningProcess full = Optional.ofNullable(auth).orElseThrow();
    AuditLedger ledger = new AuditLedger(guide, clock);
    try (Load load = Load.start(Optional.ofNullable(tunnel).orElseThrow().port(), PAUSE)) {
      awaitGoingWell(load);
      full.fillDisk();
      CommandResult refused = guide.site.tctl("users", "add", "late", "--roles=access");
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.errors()).containsAnyOf("can't be written", "can't use its state");
      // Requests go on: their records wait on the agent's disk.
      awaitGoingWell(load);
      full.emptyDisk();
      awaitGoingWell(load);
      load.stop();
      assertThat(load.wrong()).isEmpty();
    }
    AuditLedger.Balance balance = ledger.balance();
    assertOnRecordOnce(balance);
    assertThat(balance.unknown()).isEmpty();
    CommandResult added = guide.site.tctl("users", "add", "late", "--roles=access");
    assertThat(added.exitCode()).describedAs(added.errors()).isZero();
    CommandResult verified = guide.site.verifyAudit();
    assertThat(verified.exitCode()).describedAs(verified.output() + verified.errors()).isZero();
  }

  /** The agent refuses what it cannot put on record; the others write nothing for a request. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTH")
  @EnabledOnOs(OS.LINUX)
  void whereADiskIsFullNoRequestIsWithoutRecord(Member part) throws IOException {
    AuditLedger ledger = new AuditLedger(guide, clock);
    try (Load load = Load.start(Optional.ofNullable(tunnel).orElseThrow().port(), PAUSE)) {
      awaitGoingWell(load);
      process(part).fillDisk();
      try {
        if (part == Member.AGENT) {
          Awaitility.await("refusals")
              .atMost(PATIENCE)
              .until(() -> load.failingFor(Duration.ofMillis(500)));
        } else {
          awaitGoingWell(load);
        }
      } finally {
        process(part).emptyDisk();
      }
      awaitGoingWell(load);
      load.stop();
      log.info("{} calls went well, failures: {}", load.succeeded(), load.failures());
      assertThat(load.wrong()).isEmpty();
      if (part == Member.AGENT) {
        assertThat(load.failures().keySet()).isSubsetOf(OUTAGES);
      } else {
        assertThat(load.failures()).isEmpty();
      }
    }
    AuditLedger.Balance balance = ledger.balance();
    assertOnRecordOnce(balance);
    assertThat(balance.unknown()).isEmpty();
  }

  /** As on a machine that has too little time for it: half of the time it stands still. */
  @ParameterizedTest
  @EnumSource
  @DisabledOnOs(OS.WINDOWS)
  void aPartThatStandsStillHalfTheTimeAnswersEachRequestOnce(Member part) throws IOException {
    slowPartsLoseNothing(part, TURNS, Duration.ofMillis(200));
  }

  @ParameterizedTest
  @EnumSource
  @Tag("long")
  @DisabledOnOs(OS.WINDOWS)
  void soItDoesForMinutesAndInLongerPauses(Member part) throws IOException {
    slowPartsLoseNothing(part, 4 * TURNS, Duration.ofMillis(600));
  }

  private void slowPartsLoseNothing(Member part, int turns, Duration turn) throws IOException {
    AuditLedger ledger = new AuditLedger(guide, clock);
    try (Load load = Load.start(Optional.ofNullable(tunnel).orElseThrow().port(), PAUSE)) {
      awaitGoingWell(load);
      for (int i = 0; i < turns; i++) {
        long before = load.succeeded();
        process(part).suspend();
        rest(turn);
        process(part).resume();
        rest(turn);
        if (i % TURNS == 0) {
          ledger.note();
        }
        log.info("{} calls went well in turn {} of {}", load.succeeded() - before, i, part);
      }
      awaitGoingWell(load);
      load.stop();
      log.info("{} calls went well, failures: {}", load.succeeded(), load.failures());
      assertThat(load.wrong()).isEmpty();
      // Auth may not be heard for a second, and a request not have a connection for ten.
      assertThat(load.failures().keySet()).isSubsetOf(OUTAGES);
      assertThat(load.succeeded()).isGreaterThan((long) turns * Load.PROGRAMS);
    }
    AuditLedger.Balance balance = ledger.balance();
    assertOnRecordOnce(balance);
    assertThat(balance.unknown()).as("without a known outcome").isEmpty();
  }

  /**
   * It takes no more connections; those that are open may be used for two seconds, then they end.
   */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aProxyThatIsToldToStopUnderLoadCutsOffOneCallOfEachProgramAtMost() throws IOException {
    RunningProcess stopping = Optional.ofNullable(proxy).orElseThrow();
    AuditLedger ledger = new AuditLedger(guide, clock);
    try (Load load = Load.start(Optional.ofNullable(tunnel).orElseThrow().port(), PAUSE)) {
      awaitGoingWell(load);
      stopping.terminate();
      assertThat(stopping.awaitExit(PATIENCE)).as(stopping.transcript()).contains(0);
      Awaitility.await("the loss").atMost(PATIENCE).until(() -> !load.failures().isEmpty());
      proxy = guide.startProxy();
      awaitGoingWell(load);
      load.stop();
      log.info("{} calls went well, failures: {}", load.succeeded(), load.failures());
      assertThat(load.wrong()).isEmpty();
      AtomicLong cutOff = load.failures().getOrDefault(BROKEN, new AtomicLong());
      assertThat(cutOff.get()).isLessThanOrEqualTo(Load.PROGRAMS);
      Set<String> others = new HashSet<>(load.failures().keySet());
      others.remove(BROKEN);
      assertThat(others).isSubsetOf(OUTAGES);
    }
    AuditLedger.Balance balance = ledger.balance();
    assertOnRecordOnce(balance);
  }

  /** What reached AWS did so once, and is on record; and nothing else is. */
  private static void assertOnRecordOnce(AuditLedger.Balance balance) {
    assertThat(balance.reached()).isPositive();
    assertThat(balance.withoutRecord()).isEmpty();
    assertThat(balance.withoutRequest()).isEmpty();
    assertThat(balance.twice()).isEmpty();
  }

  private void blowsLoseNothing(int rounds) throws IOException {
    blows.clear();
    AuditLedger ledger = new AuditLedger(guide, clock);
    long wentWell;
    try (Load load = Load.start(Optional.ofNullable(tunnel).orElseThrow().port(), PAUSE)) {
      awaitGoingWell(load);
      for (int i = 0; i < rounds; i++) {
        List<Kind> kinds = new ArrayList<>(Kind.all());
        Collections.shuffle(kinds, random);
        for (Kind kind : kinds) {
          strike(kind);
          awaitGoingWell(load);
          ledger.note();
        }
      }
      load.stop();
      wentWell = load.succeeded();
      log.info("{} calls went well, failures: {}", wentWell, load.failures());
      assertThat(load.wrong()).isEmpty();
      assertThat(load.failures()).isNotEmpty();
    }
    AuditLedger.Balance balance = ledger.balance();
    log.info(
        "{} requests reached AWS, {} of them without a known outcome",
        balance.reached(),
        balance.unknown().size());
    assertThat((long) balance.reached()).isGreaterThanOrEqualTo(wentWell);
    assertThat(balance.withoutRecord()).isEmpty();
    assertThat(balance.withoutRequest()).isEmpty();
    assertThat(balance.twice()).isEmpty();
    assertThat(balance.unknown())
        .allMatch(request -> blows.stream().anyMatch(blow -> blow.explains(request)));
    assertThat(balance.unknown()).hasSizeLessThanOrEqualTo(blows.size() * Load.PROGRAMS);
    assertThat(Optional.ofNullable(tunnel).orElseThrow().process().alive()).isTrue();
    CommandResult verified = guide.site.verifyAudit();
    assertThat(verified.exitCode()).describedAs(verified.output() + verified.errors()).isZero();
  }

  /** One blow, of a random length, to a part that serves again (or goes on) afterwards. */
  private void strike(Kind kind) throws IOException {
    Part part = kind.part();
    boolean kill = kind.kill();
    Duration away = Duration.ofMillis(random.nextInt(1500));
    RunningProcess struck = Optional.ofNullable(process(part)).orElseThrow();
    Instant from = clock.instant();
    log.info("{} {} for {}", kill ? "kill" : "freeze", part, away);
    if (kill) {
      struck.kill();
      rest(away);
      restart(part);
    } else {
      struck.suspend();
      rest(away);
      struck.resume();
    }
    blows.add(new Blow(from, clock.instant()));
  }

  private @Nullable RunningProcess process(Part part) {
    return switch (part) {
      case AGENT -> agent;
      case AUTH -> auth;
      case PROXY -> proxy;
    };
  }

  private void restart(Part part) throws IOException {
    switch (part) {
      case AGENT -> agent = guide.startAgent();
      case AUTH -> auth = guide.startAuth();
      case PROXY -> proxy = guide.startProxy();
    }
  }

  /** The time that a part is away; the load goes on meanwhile. */
  private static void rest(Duration time) {
    Awaitility.await("the end of the outage")
        .pollDelay(time)
        .atMost(time.plusSeconds(5))
        .until(() -> true);
  }

  private static void awaitGoingWell(Load load) {
    long before = load.succeeded();
    Awaitility.await("calls that go well")
        .atMost(PATIENCE)
        .until(() ->
            load.succeeded() >= before + (long) CALLS_THAT_SHOW_IT * Load.PROGRAMS
                && load.goingWellFor(CALLS_THAT_SHOW_IT));
  }
}
