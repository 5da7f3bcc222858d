package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.detector.SlowCrowd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Many slow clients of one agent at once, in the middle of a head, a body or an answer, against
/// the memory for bodies and what the page on limits tells of each.
class SlowTunnelClientsTest {
  private static final Logger log = LoggerFactory.getLogger(SlowTunnelClientsTest.class);
  private static final int OF_EACH = 170;

  /// More bodies than half of the memory has room for, and not many more: they wait for it in
  /// turns.
  private static final int SENDS_A_BODY_ONE_OF = 3;

  /// Its answers fill what the system keeps for a connection, which takes many.
  private static final int ASKS_ONE_OF = 50;

  /// What `docs/security.md` says that a slow client holds, besides a body.
  private static final int BYTES_OF_ONE = 160 << 10;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int BODY = 1 << 20;
  private static final String POST =
      """
      POST / HTTP/1.1
      Host: localhost:8000
      X-Amz-Target: DynamoDB_20120810.PutItem
      Content-Type: application/x-amz-json-1.0
      """
          .replace("\n", "\r\n");
  private static final String HALF_HEAD = POST + "X-Slow: ";
  private static final String HALF_BODY =
      POST + "Content-Length: " + BODY + "\r\n\r\n" + "{".repeat(50_000);

  @Test
  void manySlowClientsAtOnceAreEndedKeepLittleAndHoldUpNobody() throws Exception {
    try (var stage = Stage.brisk(Duration.ofSeconds(12));
        var crowd = new SlowCrowd()) {
      stage.aws.script = ScriptedUpstream.ok("{\"Text\":\"" + "x".repeat(64 << 10) + "\"}");
      stage.facts.users.put("good", List.of("developer"));
      var alice = stage.opener(stage.alice());
      var good = stage.opener(stage.user("good", Stage.DATABASE, Stage.ROLE, Duration.ofHours(1)));
      answersTheGood(good);
      long before = SlowCrowd.held();
      for (int i = 0; i < OF_EACH; i++) {
        crowd.addDripping(alice.open().socket(), HALF_HEAD, "x");
        if (i % SENDS_A_BODY_ONE_OF == 0) {
          crowd.addDripping(alice.open().socket(), HALF_BODY, "{");
        }
        if (i % ASKS_ONE_OF == 0) {
          crowd.addAsking(alice.open().socket(), RawClient.request("ListTables", "{}").repeat(50));
        }
        if (i % 50 == 0) {
          crowd.drip();
          answersTheGood(good);
        }
      }
      crowd.drip();
      answersTheGood(good);
      long held = SlowCrowd.held() - before;
      long bodies = stage.budget.held();
      log.info(
          "{} slow clients, of which {} are left, hold {} KiB, {} KiB of it for bodies",
          crowd.count(),
          crowd.left(),
          held >> 10,
          bodies >> 10);
      assertThat(bodies).as("half of the memory is for one user").isLessThanOrEqualTo(40 << 20);
      assertThat(held).isLessThan(bodies + BYTES_OF_ONE * (long) crowd.count());
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            crowd.drip();
            answersTheGood(good);
            assertThat(crowd.left()).as(crowd.toString()).isZero();
          });
      await().atMost(PATIENCE).until(() -> stage.budget.held() == 0);
      assertThat(stage.aws.seen).noneMatch(seen -> seen.body().length > BODY / 2);
    }
  }

  private static void answersTheGood(RawClient.Opener good) {
    try (var client = good.open().patient(PATIENCE)) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
    } catch (IOException e) {
      throw new AssertionError("a good client was not answered", e);
    }
  }
}
