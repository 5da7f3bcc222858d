package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.e2e.LinedSite.Seen;
import dev.sallyport.testkit.site.FaultyLine;
import dev.sallyport.testkit.site.FaultyLine.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The line between the agent and STS is cut or slow while requests flow. What the agent holds is
 * used until its end; then programs see an outage, and go on when the line heals.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StsLinesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int PATIENCE_MILLIS = 30_000;

  /** Of which the last 20 s are not used any more. */
  private static final Duration SESSION = Duration.ofSeconds(27);

  private final LinedSite site;
  private final AtomicInteger ids = new AtomicInteger();

  StsLinesIT(@TempDir Path folder) throws IOException {
    site = new LinedSite(folder);
  }

  @BeforeAll
  void start() throws IOException {
    site.guide.aws.sts().shortenSessions(Optional.of(SESSION));
    site.start();
  }

  @AfterEach
  void mend() {
    site.heal();
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void anStsThatIsCutOffIsAnOutageOnceTheCredentialsEndAndNoRequestIsSent() {
    goesOnUntilTheEnd(Fault.HELD);
  }

  @Test
  @Tag("long")
  void soItIsWhereBytesToStsAreLost() {
    goesOnUntilTheEnd(Fault.LOST);
  }

  private void goesOnUntilTheEnd(Fault fault) {
    awaitFreshCredentials();
    site.toSts.cut(FaultyLine.ALL, fault);
    int wentWell = 0;
    Seen seen = ask();
    while (seen.fine()) {
      assertThat(site.arrived(lastId())).isEqualTo(1);
      wentWell++;
      seen = ask();
    }
    assertThat(wentWell).as("by credentials that are held").isPositive();
    assertThat(seen.status()).as(seen.text()).isEqualTo(503);
    assertThat(seen.text()).contains("ServiceUnavailableException", "AWS STS of us-east-1");
    assertThat(site.arrived(lastId())).isZero();
    assertThat(ask().status()).as("and the next one").isEqualTo(503);
    site.heal();
    awaitFine();
  }

  /** Who needs new credentials waits for them. */
  @Test
  void anStsThatIsSlowCostsTimeAndNoRequest() {
    awaitFreshCredentials();
    site.toSts.cut(FaultyLine.ALL, Fault.HELD);
    AtomicBoolean asked = new AtomicBoolean();
    CompletableFuture<Seen> last =
        CompletableFuture.supplyAsync(() -> {
          Seen seen = ask();
          while (seen.fine() && !asked.get()) {
            seen = ask();
          }
          return seen;
        });
    Awaitility.await("a question to STS").atMost(PATIENCE).until(() -> site.toSts.waiting() > 0);
    asked.set(true);
    site.toSts.heal();
    assertThat(last.join()).matches(Seen::fine);
    assertThat(site.arrived(lastId())).isEqualTo(1);
  }

  /** Whoever has credentials needs no STS, however long others wait for theirs. */
  @Test
  void whoWaitsForStsHoldsUpNobodyElse() throws IOException {
    Robot early = Robot.add(site.guide, "early", "aws-dynamodb-access", "1h");
    Robot late = Robot.add(site.guide, "late", "aws-dynamodb-access", "1h");
    site.guide.aws.sts().shortenSessions(Optional.empty());
    try (Robot.Tunnel has = early.open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
        Robot.Tunnel lacks = late.open(GuideSite.IAM_ROLE, GuideSite.DATABASE)) {
      assertThat(LinedSite.ask(has.port(), "early", PATIENCE_MILLIS)).matches(Seen::fine);
      site.toSts.cut(FaultyLine.ALL, Fault.HELD);
      CompletableFuture<Seen> waits =
          CompletableFuture.supplyAsync(() -> LinedSite.ask(lacks.port(), "late", PATIENCE_MILLIS));
      Awaitility.await("a question to STS").atMost(PATIENCE).until(() -> site.toSts.waiting() > 0);
      for (int i = 0; i < 20; i++) {
        assertThat(LinedSite.ask(has.port(), "early-" + i, PATIENCE_MILLIS)).matches(Seen::fine);
      }
      assertThat(waits).isNotDone();
      site.toSts.heal();
      assertThat(waits.join()).matches(Seen::fine);
      assertThat(site.arrived("late")).isEqualTo(1);
    } finally {
      site.guide.aws.sts().shortenSessions(Optional.of(SESSION));
    }
  }

  private void awaitFreshCredentials() {
    int calls = site.guide.aws.sts().calls().size();
    Awaitility.await("fresh credentials")
        .atMost(PATIENCE)
        .until(() -> ask().fine() && site.guide.aws.sts().calls().size() > calls);
  }

  private void awaitFine() {
    Awaitility.await("a request that goes well").atMost(PATIENCE).until(() -> ask().fine());
  }

  private Seen ask() {
    return site.ask("sts-" + ids.incrementAndGet(), PATIENCE_MILLIS);
  }

  private String lastId() {
    return "sts-" + ids.get();
  }
}
