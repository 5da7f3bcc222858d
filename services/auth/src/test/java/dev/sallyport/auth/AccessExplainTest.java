package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.SystemRole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an administrator is told of somebody's access before they try.
final class AccessExplainTest {
  @TempDir Path folder = Path.of("never");

  @Test
  void theAnswerFollowsRolesLocksAndDenials() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      admin.create(Cluster.devRole("dev"), false);
      cluster.user("alice", "dev");
      cluster.user("ed", "editor");
      var agent = cluster.client(cluster.join(SystemRole.DB).identity());
      agent.heartbeat(
          Cluster.heartbeat(
              Cluster.database("orders", "dev"), Cluster.database("payroll", "prod")));

      var yes = admin.explainAccess("alice", "orders", "role/ReadOnly", false);
      assertThat(yes.allowed()).isTrue();
      assertThat(yes.role()).contains("dev");
      assertThat(yes.roleArn()).contains("arn:aws:iam::123456789012:role/ReadOnly");

      var editor = cluster.client(cluster.signIn("ed"));
      var wrongUser = editor.explainAccess("alice", "orders", "Writer", false);
      assertThat(wrongUser.allowed()).isFalse();
      assertThat(wrongUser.message()).startsWith("access to db denied. User does not have");
      assertThat(wrongUser.reasons().getFirst()).startsWith("role \"dev\" chooses the database");
      assertThat(wrongUser.changes()).contains("add \"Writer\" to allow.db_users of role \"dev\"");
      assertThat(wrongUser.roles().getFirst().labels()).isTrue();
      assertThat(wrongUser.roles().getFirst().dbUser()).isFalse();
      var wrongLabels = editor.explainAccess("alice", "payroll", "ReadOnly", false);
      assertThat(wrongLabels.changes().getFirst()).startsWith("let role \"dev\" choose");

      admin.create(denying("no-orders"), false);
      admin.updateUser("alice", roles("dev", "no-orders"));
      var denied = editor.explainAccess("alice", "orders", "ReadOnly", false);
      assertThat(denied.reasons())
          .containsExactly("role \"no-orders\" denies the database by its labels");
      assertThat(denied.changes().getFirst()).contains("no-orders").contains("take the role");

      var target = new LockTarget(Map.of(LockPart.USER, "alice"));
      admin.create(Lock.of("l1", target).withMessage(Optional.of("on leave")), false);
      var locked = editor.explainAccess("alice", "orders", "ReadOnly", false);
      assertThat(locked.message()).contains("is in force: on leave");
    }
  }

  @Test
  void theClustersSecondFactorCounts() throws IOException {
    try (var cluster = new Cluster(folder, Optional.of(Cluster.factors(false, true)))) {
      var admin = cluster.admin();
      admin.create(Cluster.devRole("dev"), false);
      cluster.user("alice", "dev");
      var agent = cluster.client(cluster.join(SystemRole.DB).identity());
      agent.heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));

      var without = admin.explainAccess("alice", "orders", "ReadOnly", false);
      assertThat(without.allowed()).isFalse();
      assertThat(without.message()).contains("MFA");
      assertThat(without.changes())
          .containsExactly("the user confirms the session with a second factor");
      assertThat(admin.explainAccess("alice", "orders", "ReadOnly", true).allowed()).isTrue();

      admin.create(Cluster.factors(false, false), new WriteMode(true, true, false));
      assertThat(admin.explainAccess("alice", "orders", "ReadOnly", false).allowed()).isTrue();
    }
  }

  @Test
  void whoMayNotReadUsersRolesAndDatabasesLearnsNothing() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.admin().create(Cluster.devRole("dev"), false);
      cluster.user("alice", "dev");
      var alice = cluster.client(cluster.signIn("alice"));
      assertThatThrownBy(() -> alice.explainAccess("alice", "orders", "ReadOnly", false))
          .isInstanceOfSatisfying(
              ControlException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ACCESS_DENIED))
          .hasMessageContaining("access denied to perform action \"read\" on \"user\"");
      var admin = cluster.admin();
      assertThatThrownBy(() -> admin.explainAccess("bob", "orders", "ReadOnly", false))
          .hasMessageContaining("user \"bob\" not found");
      assertThatThrownBy(() -> admin.explainAccess("alice", "orders", "ReadOnly", false))
          .hasMessageContaining("database \"orders\" not found");
      assertThatThrownBy(() -> admin.explainAccess("alice", "orders", "", false))
          .hasMessageContaining("db_user is missing");
    }
  }

  private static Role denying(String name) {
    var deny =
        new RoleConditions(new LabelSelector(Map.of("env", List.of("dev"))), List.of(), List.of());
    return new Role(Metadata.named(name), "v7", RoleOptions.DEFAULT, RoleConditions.NONE, deny);
  }

  private static dev.sallyport.control.UpdateUserRequest roles(String... names) {
    return new dev.sallyport.control.UpdateUserRequest(
        Optional.of(List.of(names)), Optional.empty());
  }
}
