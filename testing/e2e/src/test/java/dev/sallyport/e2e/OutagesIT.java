package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts are killed under load, stay away for a while and come back. Programs see only what an SDK
 * tries again, and go on through the same tunnel; nobody starts {@code tsh} anew. Its bound of two
 * seconds needs a machine that has time; {@link KillsIT} strikes oftener and is content with a
 * minute.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OutagesIT {
  private static final Logger log = LoggerFactory.getLogger(OutagesIT.class);
  private static final Duration PAUSE = Duration.ofMillis(4);
  private static final Duration AWAY = Duration.ofSeconds(10);
  private static final Duration BACK_WITHIN = Duration.ofSeconds(2);
  private static final int CALLS_THAT_SHOW_IT = 25;

  private final GuideSite guide;
  private @Nullable RunningProcess cluster;
  private @Nullable RunningProcess agent;
  private Robot.@Nullable Tunnel tunnel;

  OutagesIT(@TempDir Path folder) throws IOException {
    guide = new GuideSite(folder);
  }

  /** Kills a part and gives back the way to start it again. */
  private interface Blow {
    Starter strike() throws IOException;
  }

  /** Starts a part; returns when the part says that it serves. */
  private interface Starter {
    void start() throws IOException;
  }

  @BeforeAll
  void start() throws IOException {
    Load.createTable(guide);
    cluster = guide.startCluster();
    guide.createRole();
    agent = guide.joinAgent();
    tunnel =
        Robot.add(guide, "owner", "aws-dynamodb-access", "1h")
            .open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
  }

  @AfterAll
  void stop() {
    Optional.ofNullable(tunnel).ifPresent(Robot.Tunnel::close);
    guide.close();
  }

  @Test
  void anAgentThatWasAwayForTenSecondsIsUsedTwoSecondsAfterItsReturn() throws IOException {
    outage(this::killAgent);
  }

  @Test
  void aClusterThatWasAwayForTenSecondsIsUsedTwoSecondsAfterItsReturn() throws IOException {
    outage(this::killCluster);
  }

  private Starter killAgent() {
    Optional.ofNullable(agent).orElseThrow().kill();
    return () -> agent = guide.startAgent();
  }

  private Starter killCluster() {
    Optional.ofNullable(cluster).orElseThrow().kill();
    return () -> cluster = guide.startCluster();
  }

  private void outage(Blow blow) throws IOException {
    AuditLedger ledger = new AuditLedger(guide, InstantSource.system());
    try (Load load = Load.start(Optional.ofNullable(tunnel).orElseThrow().port(), PAUSE)) {
      awaitGoingWell(load, Duration.ofSeconds(30));
      Starter starter = blow.strike();
      Awaitility.await("the outage")
          .atMost(AWAY.plusSeconds(30))
          .until(() -> load.failingFor(AWAY));
      starter.start();
      long ready = System.nanoTime();
      awaitGoingWell(load, Duration.ofSeconds(60));
      Duration back = Duration.ofNanos(Math.max(0, load.workingSince() - ready));
      load.stop();
      log.info(
          "back {} ms after the part was ready; {} calls went well, failures: {}",
          back.toMillis(),
          load.succeeded(),
          load.failures());
      assertThat(load.wrong()).isEmpty();
      assertThat(load.failures().keySet())
          .contains("503 ServiceUnavailableException")
          .isSubsetOf("503 ServiceUnavailableException", "broken connection");
      assertThat(back).isLessThan(BACK_WITHIN);
    }
    assertThat(ledger.balance().withoutRecord()).isEmpty();
    assertThat(Optional.ofNullable(tunnel).orElseThrow().process().alive()).isTrue();
  }

  private static void awaitGoingWell(Load load, Duration patience) {
    Awaitility.await("calls that go well")
        .atMost(patience)
        .until(() -> load.goingWellFor(CALLS_THAT_SHOW_IT));
  }
}
