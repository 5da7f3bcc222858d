package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.AuditBatch;
import dev.sallyport.control.ClusterView;
import dev.sallyport.control.ClusterWatcher;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Locks: who may make them, what is kept and recorded, and what they keep out of the Auth Service.
final class LocksTest {
  @TempDir Path folder = Path.of("never");

  static Lock lock(String name, LockPart part, String value) {
    return Lock.of(name, LockTarget.of(part, value));
  }

  private String log() {
    return Recorded.in(folder);
  }

  private static void refused(String why, Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(ControlException.class).hasMessageContaining(why);
  }

  @Test
  void lockIsKeptWithItsMakerAndRecorded() throws Exception {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      var made =
          (Lock)
              admin.create(
                  new Lock(
                      Metadata.named("l1")
                          .withExpires(Optional.of(Cluster.START.plus(Duration.ofHours(1)))),
                      new LockTarget(Map.of(LockPart.USER, "alice", LockPart.ROLE, "dev")),
                      Optional.of("gone"),
                      Optional.empty(),
                      Optional.of("somebody else")),
                  false);
      assertThat(made.createdAt()).contains(Cluster.START);
      assertThat(made.createdBy().orElseThrow()).endsWith("." + Cluster.NAME);
      assertThat(admin.get(Kind.LOCK, "l1")).isEqualTo(made);
      refused("already exists", () -> admin.create(lock("l1", LockPart.USER, "bob"), false));
      admin.delete(Kind.LOCK, "l1");
      refused("lock \"l1\" is not found", () -> admin.get(Kind.LOCK, "l1"));
      assertThat(log())
          .contains("\"event\":\"lock.created\",\"code\":\"TLK00I\"")
          .contains("\"target\":{\"role\":\"dev\",\"user\":\"alice\"}", "\"message\":\"gone\"")
          .contains("\"event\":\"lock.deleted\",\"code\":\"TLK01I\"");
      refused(
          "is in the past",
          () ->
              admin.create(
                  lock("l2", LockPart.USER, "bob")
                      .withMetadata(Metadata.named("l2").withExpires(Optional.of(Cluster.START))),
                  false));
    }
  }

  @Test
  void lockEndsByItself() throws Exception {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      admin.create(
          lock("l1", LockPart.USER, "alice")
              .withMetadata(
                  Metadata.named("l1")
                      .withExpires(Optional.of(Cluster.START.plus(Duration.ofMinutes(5))))),
          false);
      cluster.pass(Duration.ofMinutes(5));
      assertThat(admin.list(Kind.LOCK, false)).isEmpty();
    }
  }

  @Test
  void onlyWhoseRulesSaySoMayLock() throws Exception {
    try (var cluster = new Cluster(folder)) {
      cluster.user("eve", "access");
      cluster.user("ed", "editor");
      ControlClient eve = cluster.client(cluster.signIn("eve"));
      ControlClient ed = cluster.client(cluster.signIn("ed"));
      refused(
          "access denied to perform action \"create\" on \"lock\"",
          () -> eve.create(lock("l1", LockPart.USER, "ed"), false));
      ed.create(lock("l1", LockPart.USER, "nobody"), false);
      refused(
          "access denied to perform action \"delete\" on \"lock\"",
          () -> eve.delete(Kind.LOCK, "l1"));
      ed.delete(Kind.LOCK, "l1");
    }
  }

  @Test
  void lockedUserGetsNothingFromAuth() throws Exception {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      admin.create(Cluster.devRole("dev"), false);
      cluster.user("alice", "dev");
      var agent = cluster.client(cluster.join(SystemRole.DB).identity());
      agent.heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));
      var login = cluster.signIn("alice");
      var client = cluster.client(login);
      var keys = KeyPairs.generate();
      var text = "lock targeting User:\"alice\" is in force: gone";
      client.databaseCert(Cluster.forDatabase("orders", keys));

      admin.create(lock("l1", LockPart.USER, "alice").withMessage(Optional.of("gone")), false);
      refused(text, client::databases);
      refused(text, () -> client.databaseCert(Cluster.forDatabase("orders", keys)));
      refused(text, () -> cluster.proxy().login(Cluster.login("alice", Cluster.PASSWORD, keys)));
      refused(
          "invalid username or password",
          () -> cluster.proxy().login(Cluster.login("alice", "wrong password", keys)));
      refused(
          text,
          () ->
              admin.signUser(
                  new SignUserRequest("alice", Optional.empty(), Pem.encode(keys.getPublic()))));
      assertThat(log()).contains("T1000W").contains("lock targeting User");

      admin.delete(Kind.LOCK, "l1");
      assertThat(client.databases()).hasSize(1);
      admin.create(lock("l2", LockPart.ROLE, "dev"), false);
      refused("lock targeting Role:\"dev\" is in force", client::databases);
    }
  }

  @Test
  void lockOnASignInReachesTheCertificatesThatCameOfIt() throws Exception {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      admin.create(Cluster.devRole("dev"), false);
      cluster.user("alice", "dev");
      var agent = cluster.client(cluster.join(SystemRole.DB).identity());
      agent.heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));
      var login = cluster.signIn("alice");
      var route = cluster.route(login, "orders").identity();
      var id = signIn(login);
      assertThat(signIn(route)).isEqualTo(id);
      assertThat(signIn(cluster.signIn("alice"))).isNotEqualTo(id);
      assertThat(log()).contains("\"cert_type\":\"user\"").contains("\"sid\":\"" + id + "\"");

      admin.create(lock("l1", LockPart.SESSION, id), false);
      refused("lock targeting Session:", () -> cluster.client(login).databases());
      assertThat(cluster.client(cluster.signIn("alice")).databases()).hasSize(1);
    }
  }

  private static String signIn(TlsIdentity identity) throws Exception {
    return ((UserIdentity) ClaimedIdentity.of(identity.leaf()).identity())
        .signIn()
        .orElseThrow()
        .id();
  }

  @Test
  void signingOutEndsTheSignInAndNoOther() throws Exception {
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "access");
      var one = cluster.signIn("alice");
      var other = cluster.client(cluster.signIn("alice"));
      cluster.client(one).signOut();
      refused(
          "lock targeting Session:\"%s\" is in force: signed out".formatted(signIn(one)),
          () -> cluster.client(one).databases());
      refused("signed out", () -> cluster.client(one).signOut());
      other.databases();
      var lock = (Lock) cluster.admin().get(Kind.LOCK, signIn(one));
      assertThat(lock.createdBy()).contains("alice");
      assertThat(lock.metadata().expires()).contains(one.leaf().getNotAfter().toInstant());
      cluster.pass(Duration.ofHours(12));
      assertThat(cluster.admin().list(Kind.LOCK, false)).isEmpty();
      assertThat(log()).contains("\"event\":\"lock.created\"", "\"user\":\"alice\"");
    }
  }

  @Test
  void lockedHostMayOnlyReportAndJoinTokensDoNotLetIn() throws Exception {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      var joined = cluster.join(SystemRole.DB);
      var agent = cluster.client(joined.identity());
      agent.status();
      admin.create(lock("l1", LockPart.SERVER_ID, joined.hostId()), false);
      var text = "lock targeting ServerID:\"%s\" is in force".formatted(joined.hostId());
      refused(text, agent::status);
      refused(text, () -> agent.heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev"))));
      var view = new ClusterView(cluster.auth().trust(), InstantSource.system());
      var refusals = new ArrayBlockingQueue<ControlException>(10);
      try (var watcher =
          new ClusterWatcher(
              view, () -> agent, Set.of(Kind.ROLE), refusals::offer, new Random(7))) {
        watcher.start();
        assertThat(refusals.take().reason()).isEqualTo(text);
      }
      assertThat(agent.audit(new AuditBatch(List.of())).accepted()).isZero();
      // What agents deliver their records by.
      var journal = new AuditLogTest.Journal(joined);
      assertThat(agent.journal(journal.batch(2)).stored()).isEqualTo(2);
      admin.delete(Kind.LOCK, "l1");
      agent.status();

      var token = "0123456789abcdef0123456789abcdef";
      admin.createToken(
          new CreateTokenRequest(
              List.of("Db"), Optional.empty(), Optional.of(Secret.of(token)), List.of("*")));
      admin.create(lock("l2", LockPart.JOIN_TOKEN, token), false);
      assertThatThrownBy(() ->
              cluster.proxy().join(Cluster.joining(Secret.of(token), "Db", KeyPairs.generate())))
          .hasMessageContaining("lock targeting JoinToken:")
          .hasMessageNotContaining(token);
    }
  }

  @Test
  void userWhoIsMadeAnewInheritsNothing() throws Exception {
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "editor");
      var client = cluster.client(cluster.signIn("alice"));
      client.list(Kind.ROLE, false);
      cluster.admin().delete(Kind.USER, "alice", new WriteMode(false, true, false));
      refused("does not exist any more", () -> client.list(Kind.ROLE, false));
      cluster.pass(Duration.ofSeconds(1));
      cluster.user("alice", "editor");
      refused("was made anew after this sign-in", () -> client.list(Kind.ROLE, false));
      cluster.client(cluster.signIn("alice")).list(Kind.ROLE, false);
    }
  }

  @Test
  void nameOfALockedJoinTokenIsShownToNobodyWithoutSecrets() throws Exception {
    var token = "0123456789abcdef0123456789abcdef";
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      admin.create(lock("l1", LockPart.JOIN_TOKEN, token), false);
      assertThat(admin.get(Kind.LOCK, "l1").toString()).doesNotContain(token).contains("89abcdef");
      assertThat(admin.list(Kind.LOCK, false).toString()).doesNotContain(token);
      assertThat(admin.list(Kind.LOCK, true).toString()).contains(token);
      assertThat(log()).contains("lock.created").doesNotContain(token);
    }
  }
}
