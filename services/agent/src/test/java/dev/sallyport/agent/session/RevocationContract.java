package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.DatabaseEvent.ClientDisconnect;
import dev.sallyport.audit.DatabaseEvent.DbSessionStart;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.net.tunnel.OpenDecision;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is taken back acts on the next request of an open connection, over each TLS library.
abstract class RevocationContract {
  private final Stage stage;

  RevocationContract() throws Exception {
    stage = Stage.plain(provider());
  }

  abstract TlsProvider provider();

  @AfterEach
  void nothingIsHeldAtTheEnd() throws Exception {
    await().until(() -> stage.budget.held() == 0);
    stage.close();
  }

  private static Lock lock(LockPart part, String value) {
    return Lock.of("l1", LockTarget.of(part, value)).withMessage(Optional.of("left the company"));
  }

  @Test
  void aLockRefusesTheNextRequestAndLetsGoWhenItIsGone() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.facts.lock(lock(LockPart.USER, "alice"));
      for (int i = 0; i < 2; i++) {
        var answer = client.call("ListTables", "{}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
            .contains("AccessDeniedException")
            .contains("lock targeting User:\\\"alice\\\" is in force: left the company");
      }
      assertThat(stage.aws.seen).hasSize(1);

      stage.facts.unlock("l1");
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.facts.lock(lock(LockPart.ROLE, "developer"));
      assertThat(client.call("ListTables", "{}").text()).contains("Role:\\\"developer\\\"");
    }
    assertThat(stage.sink.of(ClientDisconnect.class))
        .as("told once for each time")
        .extracting(ClientDisconnect::reason)
        .containsExactly(
            "lock targeting User:\"alice\" is in force: left the company",
            "lock targeting Role:\"developer\" is in force: left the company");
    assertThat(stage.sink.of(DynamoDbRequest.class))
        .extracting(DynamoDbRequest::outcome)
        .containsExactly(
            Outcome.ANSWERED, Outcome.REFUSED, Outcome.REFUSED, Outcome.ANSWERED, Outcome.REFUSED);
    assertThat(stage.sink.of(DbSessionStart.class)).hasSize(1);
  }

  @Test
  void aLockThatEndsByItselfLetsGoWithoutAChange() throws Exception {
    var lock = lock(LockPart.SESSION, "session-1");
    stage.facts.lock(
        lock.withMetadata(
            lock.metadata().withExpires(Optional.of(stage.now.plus(Duration.ofMinutes(1))))));
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").text()).contains("Session:\\\"session-1\\\"");
      stage.now = stage.now.plus(Duration.ofMinutes(1));
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void aLockedAgentServesNothing() throws Exception {
    var open = stage.openOf(stage.alice()).encoded();
    assertThat(stage.door.onOpen(open)).isInstanceOf(OpenDecision.Accepted.class);
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.facts.lock(lock(LockPart.SERVER_ID, "host-1"));
      assertThat(client.call("ListTables", "{}").text()).contains("ServerID:\\\"host-1\\\"");
      assertThat(stage.door.onOpen(open))
          .isEqualTo(
              new OpenDecision.Refused(
                  "lock targeting ServerID:\"host-1\" is in force: left the company"));
    }
  }

  @Test
  void aLockOnSomebodyElseHitsNobodyHere() throws Exception {
    stage.facts.lock(
        Lock.of(
            "l1", new LockTarget(Map.of(LockPart.USER, "alice", LockPart.SERVER_ID, "host-2"))));
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void aLockedUserIsRefusedFromTheFirstRequestOn() throws Exception {
    stage.facts.lock(lock(LockPart.USER, "alice"));
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").text()).contains("lock targeting");
    }
    assertThat(stage.aws.seen).isEmpty();
    assertThat(stage.sink.of(ClientDisconnect.class)).isEmpty();
    assertThat(stage.sink.of(DbSessionStart.class))
        .singleElement()
        .satisfies(start -> {
          assertThat(start.success()).isFalse();
          assertThat(start.message().orElseThrow()).startsWith("lock targeting");
        });
  }

  @Test
  void aCertificateOfAnAuthorityThatIsNotTrustedAnyMoreEndsWithItsConnection() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      var before = stage.facts.trust();
      var next =
          CertificateAuthority.create(
              CaKind.USER, before.clusterName(), () -> stage.now, new SecureRandom());
      var both = List.of(before.userAuthorities().getFirst(), next.certificate());
      stage.facts.trust = new TrustBundle(before.clusterName(), both, before.hostAuthorities());
      stage.facts.version.incrementAndGet();
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);

      stage.facts.trust =
          new TrustBundle(
              before.clusterName(), List.of(next.certificate()), before.hostAuthorities());
      stage.facts.version.incrementAndGet();
      var refused = client.call("ListTables", "{}");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text()).contains("ExpiredToken", "tsh login");
      assertThat(refused.header("Connection")).contains("close");
    }
  }

  @Test
  void aLockThatComesWhileStsIsAskedIsObeyed() throws Exception {
    var asked = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    stage.assumer =
        session -> {
          asked.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return stage.granted(session);
        };
    try (var client = stage.connect(stage.alice())) {
      client.send(RawClient.request("ListTables", "{}"));
      asked.await();
      stage.facts.lock(lock(LockPart.USER, "alice"));
      go.countDown();
      assertThat(client.answer().text()).contains("lock targeting");
    }
    assertThat(stage.aws.seen).isEmpty();
  }

  @Test
  void aTraitCountsWhileTheUserHasItAndTheCertificateToo() throws Exception {
    stage.facts.roles.put("developer", Stage.role(List.of("{{internal.db_users}}")));
    var with = Map.of("db_users", List.of(Stage.ROLE, "Other"));
    stage.facts.traits.put("alice", with);
    try (var client = stage.connect(stage.aliceWith(with))) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      for (var values : List.of(List.<String>of(), List.of("Other"), List.of("Newer"))) {
        stage.facts.traits.put("alice", Map.of("db_users", values));
        stage.facts.version.incrementAndGet();
        assertThat(client.call("ListTables", "{}").text())
            .contains("AccessDeniedException", "access to db denied.");
      }
      stage.facts.traits.put("alice", Map.of("db_users", List.of("Newer", Stage.ROLE)));
      stage.facts.version.incrementAndGet();
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);

      stage.facts.traits.remove("alice");
      stage.facts.version.incrementAndGet();
      assertThat(client.call("ListTables", "{}").text()).contains("access to db denied.");
    }
    stage.facts.traits.put("alice", with);
    stage.facts.version.incrementAndGet();
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").text())
          .as("a trait that was added after the sign-in")
          .contains("access to db denied.");
    }
    assertThat(stage.aws.seen).hasSize(2);
  }

  @Test
  void aUserWhoIsDeletedAndMadeAnewInheritsNothing() throws Exception {
    var first = stage.now.minusSeconds(60);
    stage.facts.since.put("alice", first);
    try (var client = stage.connect(stage.aliceSince(first))) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.facts.users.remove("alice");
      stage.facts.version.incrementAndGet();
      assertThat(client.call("ListTables", "{}").text())
          .contains("AccessDeniedException")
          .contains("User \\\"alice\\\" does not exist any more");

      stage.facts.users.put("alice", List.of("developer"));
      stage.facts.since.put("alice", stage.now);
      stage.facts.version.incrementAndGet();
      assertThat(client.call("ListTables", "{}").text())
          .contains("was made anew after this sign-in")
          .contains("tsh login");
    }
    try (var client = stage.connect(stage.aliceSince(stage.now))) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
    }
  }
}
