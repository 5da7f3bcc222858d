package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlException;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Locks: who may make them, what is kept and recorded, and what they keep out of the Auth Service.
final class LocksTest {
  @TempDir Path folder = Path.of("never");

  static Lock lock(String name, LockPart part, String value) {
    return Lock.of(name, LockTarget.of(part, value));
  }

  private String log() throws IOException {
    try (var files = Files.walk(folder)) {
      var all = new StringBuilder();
      for (var file : files.filter(path -> path.toString().contains("/log/")).toList()) {
        all.append(Files.readString(file));
      }
      return all.toString();
    }
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
