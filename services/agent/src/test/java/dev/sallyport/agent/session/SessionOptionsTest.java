package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.DatabaseEvent.ClientDisconnect;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.SessionRejected;
import dev.sallyport.control.ViewStanding;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.net.TlsProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What roles and the cluster ask of sessions beyond access: what to do while Auth is silent, how
/// long a tunnel may be idle, how many a user may have.
final class SessionOptionsTest {
  private final Stage stage;

  SessionOptionsTest() throws Exception {
    stage = Stage.plain(TlsProvider.best());
  }

  @AfterEach
  void nothingIsHeldAtTheEnd() throws Exception {
    await().until(() -> stage.budget.held() == 0);
    stage.close();
  }

  private void options(Optional<Duration> idle, Optional<LockingMode> lock, int connections) {
    var options =
        new RoleOptions(
            RoleOptions.MAX_SESSION_TTL,
            idle,
            false,
            false,
            Optional.empty(),
            lock,
            connections,
            false,
            false,
            Map.of());
    stage.facts.roles.put("developer", Stage.role(List.of(Stage.ROLE), options));
    stage.facts.version.incrementAndGet();
  }

  private void assertLockedOut(RawClient client) throws Exception {
    var answer = client.call("ListTables", "{}");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text())
        .contains("preventive lock-out due to local lock view becoming unreliable");
  }

  @Test
  void whileAuthIsSilentTheStrictestOfClusterAndRolesDecides() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.facts.fresh = false;
      assertLockedOut(client);
      options(Optional.empty(), Optional.of(LockingMode.BEST_EFFORT), 0);
      assertLockedOut(client);

      stage.facts.mode = LockingMode.BEST_EFFORT;
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      options(Optional.empty(), Optional.empty(), 0);
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      options(Optional.empty(), Optional.of(LockingMode.STRICT), 0);
      assertLockedOut(client);

      options(Optional.empty(), Optional.empty(), 0);
      stage.facts.notFresh = ViewStanding.UNUSABLE;
      assertLockedOut(client);
      stage.facts.notFresh = ViewStanding.SILENT;
      stage.facts.users.put("alice", List.of());
      stage.facts.version.incrementAndGet();
      assertThat(client.call("ListTables", "{}").text()).contains("AccessDeniedException");
      stage.facts.users.put("alice", List.of("developer"));
      stage.facts.version.incrementAndGet();
      stage.facts.fresh = true;
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
    }
    await().until(() -> stage.sink.of(DynamoDbRequest.class).size() == 9);
    assertThat(stage.sink.of(DynamoDbRequest.class))
        .extracting(request -> request.call().viewAsOf())
        .as("only what was allowed while Auth was silent is marked")
        .containsExactly(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(stage.facts.sure),
            Optional.of(stage.facts.sure),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  @Test
  void whereEverySessionNeedsASecondFactorACertificateWithoutOneIsRefused() throws Exception {
    stage.facts.sessionMfa = true;
    try (var client = stage.connect(stage.alice())) {
      var answer = client.call("ListTables", "{}");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains("access to resource requires MFA");
    }
  }

  @Test
  void aTunnelThatWasIdleForTooLongIsOverAndAnotherIsNot() throws Exception {
    options(Optional.of(Duration.ofMinutes(15)), Optional.empty(), 0);
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.now = stage.now.plus(Duration.ofMinutes(15));
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.now = stage.now.plus(Duration.ofMinutes(15)).plusMillis(1);
      for (int i = 0; i < 2; i++) {
        var answer = client.call("ListTables", "{}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
            .contains("AccessDeniedException")
            .contains("Client exceeded idle timeout of 15m0s");
      }
    }
    try (var again = stage.connect(stage.alice())) {
      assertThat(again.call("ListTables", "{}").text())
          .as("another connection of the same tunnel")
          .contains("Client exceeded idle timeout");
    }
    try (var other = stage.connect(stage.aliceIn("session-2"))) {
      assertThat(other.call("ListTables", "{}").status()).isEqualTo(200);
    }
    assertThat(stage.sink.of(ClientDisconnect.class))
        .extracting(ClientDisconnect::reason)
        .containsExactly("Client exceeded idle timeout of 15m0s");
  }

  @Test
  void theShorterOfTheRolesAndTheClustersIdleTimesCounts() throws Exception {
    options(Optional.of(Duration.ofMinutes(15)), Optional.empty(), 0);
    clusterIdle(Duration.ofMinutes(20));
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.now = stage.now.plus(Duration.ofMinutes(10));
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      clusterIdle(Duration.ofMinutes(5));
      stage.now = stage.now.plus(Duration.ofMinutes(10));
      assertThat(client.call("ListTables", "{}").text())
          .contains(
              "Client exceeded idle timeout of 5m0s; the coffee was too long; start the tunnel");
    }
  }

  private void clusterIdle(Duration time) {
    stage.facts.idle =
        new AuthPreference.Idle(
            Optional.of(time), Optional.of("the coffee was too long"), Optional.empty());
    stage.facts.version.incrementAndGet();
  }

  @Test
  void oneTunnelTooManyIsRefusedUntilAnotherEnds() throws Exception {
    options(Optional.empty(), Optional.empty(), 1);
    try (var second = stage.connect(stage.alice());
        var first = stage.connect(stage.aliceIn("session-2"))) {
      try (var alsoSecond = stage.connect(stage.alice())) {
        var answers =
            List.of(
                second.call("ListTables", "{}"),
                alsoSecond.call("ListTables", "{}"),
                first.call("ListTables", "{}"));
        assertThat(answers).filteredOn(answer -> answer.status() == 200).isNotEmpty();
        assertThat(answers)
            .filteredOn(answer -> answer.status() == 400)
            .isNotEmpty()
            .allSatisfy(answer ->
                assertThat(answer.text())
                    .contains("too many concurrent sessions of user \\\"alice\\\"")
                    .contains("their roles allow 1"));
      }
      assertThat(stage.sink.of(SessionRejected.class))
          .isNotEmpty()
          .allSatisfy(rejected -> assertThat(rejected.max()).isEqualTo(1));
    }
    await().until(() -> stage.door.connections() == 0);
    try (var third = stage.connect(stage.aliceIn("session-3"))) {
      assertThat(third.call("ListTables", "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void anExpiredCertificateEndsTheSessionOnRecord() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.now = stage.now.plus(Duration.ofHours(1));
      assertThat(client.call("ListTables", "{}").text()).contains("ExpiredTokenException");
    }
    assertThat(stage.sink.of(ClientDisconnect.class))
        .singleElement()
        .satisfies(end ->
            assertThat(end.reason()).startsWith("client certificate expired at 2030-01-01T01"));
  }
}
