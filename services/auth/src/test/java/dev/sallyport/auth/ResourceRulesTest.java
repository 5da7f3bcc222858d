package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.DynamicLabel;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Kind;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Origin;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.Rule;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is refused although a rule allows the verb.
final class ResourceRulesTest {
  private static final WriteMode CONFIRM = new WriteMode(false, true, false);
  private static final String NOBODY_LEFT = "nobody could change users and roles any more";

  @TempDir Path folder = Path.of("never");

  @Test
  void theLastAdministratorIsNotLostByAccident() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      cluster.user("alice", "editor");
      cluster.user("bob", "access");
      var bare = new UpdateUserRequest(Optional.of(List.of("access")), Optional.empty());
      assertThatThrownBy(() -> admin.updateUser("alice", bare)).hasMessageContaining(NOBODY_LEFT);
      assertThatThrownBy(() -> admin.delete(Kind.USER, "alice")).hasMessageContaining(NOBODY_LEFT);
      var alice = (User) admin.get(Kind.USER, "alice");
      assertThatThrownBy(() -> admin.update(alice.withRoles(List.of("access"))))
          .hasMessageContaining(NOBODY_LEFT)
          .hasMessageContaining("--confirm");
      var role = (Role) admin.get(Kind.ROLE, "editor");
      var nothing = Cluster.devRole("editor").withMetadata(role.metadata());
      assertThatThrownBy(() -> admin.update(nothing)).hasMessageContaining(NOBODY_LEFT);
      var locked = Lock.of("l", LockTarget.of(LockPart.USER, "alice"));
      assertThatThrownBy(() -> admin.create(locked, false)).hasMessageContaining(NOBODY_LEFT);
      var roleLocked = Lock.of("l", LockTarget.of(LockPart.ROLE, "editor"));
      assertThatThrownBy(() -> admin.create(roleLocked, false)).hasMessageContaining(NOBODY_LEFT);
      admin.create(Lock.of("l", LockTarget.of(LockPart.USER, "bob")), false);
      var soon = cluster.clock.instant().plus(Duration.ofHours(1));
      var expiring = role.withMetadata(role.metadata().withExpires(Optional.of(soon)));
      assertThatThrownBy(() -> admin.update(expiring)).hasMessageContaining(NOBODY_LEFT);
      // What leaves somebody is fine, and what was asked for twice is done.
      admin.delete(Kind.USER, "bob");
      cluster.user("carol", "editor");
      admin.updateUser("alice", bare);
      admin.delete(Kind.USER, "carol", CONFIRM);
      // Now there is none, so nothing can be lost.
      admin.delete(Kind.USER, "alice");
    }
  }

  @Test
  void whatNobodyCanWriteOrJoinByIsRefused() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      for (var authority : admin.list(Kind.CERT_AUTHORITY, true)) {
        assertThatThrownBy(() -> admin.create(authority, WriteMode.FORCE))
            .hasMessage("creating resources of type \"cert_authority\" is not supported");
      }
      var token =
          new ProvisionToken(
              Metadata.named("0123456789abcdef0123456789abcdef"),
              List.of(SystemRole.DB, SystemRole.AUTH),
              JoinTerms.SECRET,
              List.of(ProvisionToken.ANY_DATABASE));
      assertThatThrownBy(() -> admin.create(token, false))
          .hasMessage(
              "role \"Auth\" is not supported by this version (a token can give Proxy or Db)");
    }
  }

  @Test
  void aDatabaseNeedsARuleAndLabelsThatReachItBeforeAndAfter() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var rules =
          List.of(Rule.of(List.of("db"), List.of("list", "read", "create", "update", "delete")));
      cluster
          .admin()
          .create(
              new Role(
                  Metadata.named("db-editor"),
                  Role.CURRENT_VERSION,
                  RoleOptions.DEFAULT,
                  new RoleConditions(
                      new LabelSelector(Map.of("env", List.of("dev"))), List.of(), rules),
                  RoleConditions.NONE),
              false);
      cluster.user("dora", "db-editor");
      cluster.user("edith", "editor");
      var dora = cluster.client(cluster.signIn("dora"));
      var edith = cluster.client(cluster.signIn("edith"));
      var dev = Cluster.database("dev-db", "dev");
      var prod = Cluster.database("prod-db", "prod");
      // The rule without the labels, and the labels without a rule.
      assertThatThrownBy(() -> edith.create(dev, false))
          .hasMessageStartingWith("access denied to perform action \"create\" on \"db\"")
          .hasMessageContaining("db_labels");
      refused(() -> dora.create(prod, false), ErrorKind.ACCESS_DENIED);
      // Dynamic labels are what the author says, and agents drop them.
      var said = new DynamicLabel(List.of("true"), Duration.ofSeconds(1), Optional.of("dev"));
      refused(
          () -> dora.create(prod.withDynamicLabels(Map.of("env", said)), false),
          ErrorKind.ACCESS_DENIED);
      dora.create(dev, false);
      // Nor may the name be of a database that a host serves from its file, out of reach.
      cluster
          .client(cluster.join(SystemRole.DB).identity())
          .heartbeat(Cluster.heartbeat(Cluster.database("orders", "prod")));
      refused(() -> dora.create(Cluster.database("orders", "dev"), false), ErrorKind.ACCESS_DENIED);
      cluster.admin().create(prod, false);
      // Neither into reach nor out of it.
      refused(() -> dora.create(Cluster.database("prod-db", "dev"), true), ErrorKind.ACCESS_DENIED);
      refused(() -> dora.create(Cluster.database("dev-db", "prod"), true), ErrorKind.ACCESS_DENIED);
      refused(() -> dora.delete(Kind.DB, "prod-db"), ErrorKind.ACCESS_DENIED);
      // What is out of reach looks as if it were not there.
      assertThat(dora.list(Kind.DB, false))
          .extracting(db -> db.metadata().name())
          .containsExactly("dev-db");
      refused(() -> dora.get(Kind.DB, "prod-db"), ErrorKind.NOT_FOUND);
      assertThat(Origin.of(dora.get(Kind.DB, "dev-db").metadata())).contains(Origin.DYNAMIC);
      dora.delete(Kind.DB, "dev-db");
      assertThat(cluster.admin().list(Kind.DB, false)).hasSize(1);
    }
  }

  @Test
  void aConditionOfARuleIsAskedForWhatIsKeptAndWhatIsToBeKept() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var rule =
          new Rule(
              List.of("role"),
              List.of("list", "read", "create", "update", "delete"),
              Optional.of("equals(resource.metadata.labels[\"team\"], \"blue\")"));
      cluster
          .admin()
          .create(
              new Role(
                  Metadata.named("blue-editor"),
                  Role.CURRENT_VERSION,
                  RoleOptions.DEFAULT,
                  new RoleConditions(LabelSelector.NONE, List.of(), List.of(rule)),
                  RoleConditions.NONE),
              false);
      cluster.admin().create(ofTeam("red-role", "red"), false);
      cluster.user("bea", "blue-editor");
      var bea = cluster.client(cluster.signIn("bea"));
      bea.create(ofTeam("blue-role", "blue"), false);
      refused(() -> bea.create(ofTeam("other", "red"), false), ErrorKind.ACCESS_DENIED);
      refused(() -> bea.create(ofTeam("red-role", "blue"), true), ErrorKind.ACCESS_DENIED);
      refused(() -> bea.create(ofTeam("blue-role", "red"), true), ErrorKind.ACCESS_DENIED);
      refused(() -> bea.delete(Kind.ROLE, "red-role"), ErrorKind.ACCESS_DENIED);
      refused(() -> bea.get(Kind.ROLE, "red-role"), ErrorKind.NOT_FOUND);
      refused(() -> bea.list(Kind.USER, false), ErrorKind.ACCESS_DENIED);
      assertThat(bea.list(Kind.ROLE, false))
          .extracting(role -> role.metadata().name())
          .containsExactly("blue-role");
      var mine = bea.get(Kind.ROLE, "blue-role");
      refused(
          () -> bea.update(mine.withMetadata(mine.metadata().withLabels(Map.of()))),
          ErrorKind.ACCESS_DENIED);
      bea.update(mine);
      bea.delete(Kind.ROLE, "blue-role");
    }
  }

  @Test
  void aConditionOnTraitsIsAskedByThoseThatTheUserStillHas() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      var rule =
          new Rule(
              List.of("token"),
              List.of("list", "read"),
              Optional.of("contains(user.spec.traits[\"team\"], \"blue\")"));
      admin.create(
          new Role(
              Metadata.named("blue-team"),
              Role.CURRENT_VERSION,
              RoleOptions.DEFAULT,
              new RoleConditions(LabelSelector.NONE, List.of(), List.of(rule)),
              RoleConditions.NONE),
          false);
      cluster.user("bea", "blue-team");
      admin.updateUser("bea", team("blue"));
      var bea = cluster.client(cluster.signIn("bea"));
      assertThat(bea.list(Kind.TOKEN, false)).isEmpty();
      admin.updateUser("bea", team("red"));
      refused(() -> bea.list(Kind.TOKEN, false), ErrorKind.ACCESS_DENIED);
      admin.updateUser("bea", team("blue"));
      assertThat(bea.list(Kind.TOKEN, false)).isEmpty();
    }
  }

  private static UpdateUserRequest team(String team) {
    return new UpdateUserRequest(Optional.empty(), Optional.of(Map.of("team", List.of(team))));
  }

  private static Role ofTeam(String name, String team) {
    var role = Cluster.devRole(name);
    return role.withMetadata(role.metadata().withLabels(Map.of("team", team)));
  }

  @Test
  void aTraitThatIsSetLeavesTheOthers() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      admin.createUser(
          new CreateUserRequest(
              "alice",
              List.of("access"),
              Map.of("db_users", List.of("a"), "logins", List.of("l")),
              Optional.empty()));
      var user =
          admin.updateUser(
              "alice",
              new UpdateUserRequest(
                  Optional.empty(),
                  Optional.of(Map.of("logins", List.of(), "db_names", List.of("n")))));
      assertThat(user.traits())
          .isEqualTo(Map.of("db_users", List.of("a"), "db_names", List.of("n")));
    }
  }

  @Test
  void aDryRunJudgesAndChangesNothing() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      var dry = new WriteMode(false, false, true);
      var revision = admin.list(Kind.ROLE, false);
      admin.create(Cluster.devRole("dev"), dry);
      refused(() -> admin.create(Cluster.devRole("editor"), dry), ErrorKind.ALREADY_EXISTS);
      admin.delete(Kind.ROLE, "auditor", dry);
      assertThat(admin.list(Kind.ROLE, false)).isEqualTo(revision);
    }
  }

  @Test
  void aResourceWhoseTimeIsOverIsGoneAndNoneIsMadeSo() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      var role = Cluster.devRole("brief");
      var end = Cluster.START.plus(Duration.ofMinutes(5));
      admin.create(role.withMetadata(role.metadata().withExpires(Optional.of(end))), false);
      cluster.pass(Duration.ofMinutes(6));
      refused(() -> admin.get(Kind.ROLE, "brief"), ErrorKind.NOT_FOUND);
      assertThatThrownBy(() ->
              admin.create(role.withMetadata(role.metadata().withExpires(Optional.of(end))), false))
          .hasMessageContaining("is in the past");
      admin.create(role, false);
    }
  }

  @Test
  void aUserKeepsWhoMadeThem() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      admin.createUser(
          new CreateUserRequest("alice", List.of("access"), Map.of(), Optional.empty()));
      var before = ((User) admin.get(Kind.USER, "alice")).createdBy();
      var mine = new User(Metadata.named("alice"), List.of("auditor"), Map.of(), Optional.empty());
      admin.create(mine, true);
      var after = (User) admin.get(Kind.USER, "alice");
      assertThat(after.createdBy()).isEqualTo(before);
      assertThat(after.roles()).containsExactly("auditor");
    }
  }
}
