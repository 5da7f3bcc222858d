package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.Secret;
import dev.sallyport.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The service as a whole: what a first start leaves behind, what a second one keeps.
final class AuthServiceTest {
  @TempDir Path folder = Path.of("never");

  @Test
  void firstStartMakesClusterPresetsAndAdmin() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var status = cluster.admin().status();
      assertThat(status.clusterName()).isEqualTo("example.com");
      assertThat(status.caPins())
          .singleElement()
          .isEqualTo(cluster.auth().trust().pins().getFirst().toString());
      assertThat(cluster.admin().list(Kind.ROLE, false))
          .extracting(role -> role.metadata().name())
          .containsExactly("access", "auditor", "editor");
    }
  }

  @Test
  void filesThatHoldKeysAreTheOwnersAlone() throws IOException {
    try (var cluster = new Cluster(folder);
        Stream<Path> files = Files.walk(folder)) {
      assertThat(cluster.auth().boundPort()).isPositive();
      for (var file : files.filter(Files::isRegularFile).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void restartKeepsStateAndEndsTheOldAdminIdentity() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "access");
      var login = cluster.signIn("alice");
      var pins = cluster.admin().status().caPins();
      var oldAdmin = cluster.adminIdentity();
      cluster.restart();
      assertThat(cluster.admin().status().caPins()).isEqualTo(pins);
      assertThat(cluster.client(login).databases()).isEmpty();
      assertThat(cluster.signIn("alice").leaf()).isNotNull();
      refused(() -> cluster.client(oldAdmin).list(Kind.ROLE, false), ErrorKind.ACCESS_DENIED);
    }
  }

  @Test
  void clusterKeepsItsName() throws IOException {
    new Cluster(folder).close();
    var other =
        new AuthConfig(
            folder,
            Optional.of("other.example.com"),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            "node",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            AuthConfig.Audit.DEFAULT,
            "1.0.0");
    assertThatThrownBy(() -> AuthService.start(other, InstantSource.system(), new SecureRandom()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("other.example.com")
        .hasMessageContaining("example.com");
    // And the refused start let go of the state.
    new Cluster(folder).close();
  }

  @Test
  void takenPortIsAClearError(@TempDir Path second) throws IOException {
    try (var cluster = new Cluster(folder)) {
      var taken =
          new AuthConfig(
              second,
              Optional.empty(),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), cluster.auth().boundPort()),
              Optional.empty(),
              "node",
              List.of(),
              Optional.empty(),
              Optional.empty(),
              AuthConfig.Audit.DEFAULT,
              "1.0.0");
      assertThatThrownBy(() -> AuthService.start(taken, InstantSource.system(), new SecureRandom()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(":" + cluster.auth().boundPort())
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aRoleThatPolicyCouldNotFollowIsRefusedWithItsField() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var good = Cluster.devRole("dev");
      var broken =
          new Role(
              good.metadata(),
              good.version(),
              good.options(),
              new RoleConditions(
                  new LabelSelector(Map.of("env", List.of("^(dev$"))), List.of("Read*"), List.of()),
              RoleConditions.NONE);
      assertThatThrownBy(() -> cluster.admin().create(broken, false))
          .hasMessageContaining("spec.allow.db_labels")
          .hasMessageContaining("spec.allow.db_users");
      refused(() -> cluster.admin().get(Kind.ROLE, "dev"), ErrorKind.NOT_FOUND);
    }
  }

  @Test
  void resourcesAreCreatedReplacedUpdatedByRevisionAndDeleted() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      var role = Cluster.devRole("dev");
      var created = admin.create(role, false);
      refused(() -> admin.create(role, false), ErrorKind.ALREADY_EXISTS);
      var replaced = admin.create(role, true);
      refused(() -> admin.update(created), ErrorKind.COMPARE_FAILED);
      refused(() -> admin.update(role), ErrorKind.COMPARE_FAILED);
      assertThat(admin.update(replaced).metadata().revision())
          .isNotEqualTo(replaced.metadata().revision());
      cluster.user("bob", "dev");
      refused(() -> admin.delete(Kind.ROLE, "dev"), ErrorKind.BAD_PARAMETER);
      admin.delete(Kind.USER, "bob");
      admin.delete(Kind.ROLE, "dev");
      refused(() -> admin.get(Kind.ROLE, "dev"), ErrorKind.NOT_FOUND);
      refused(() -> admin.delete(Kind.CERT_AUTHORITY, "user"), ErrorKind.BAD_PARAMETER);
    }
  }

  @Test
  void secretsAreShownOnlyOnDemandAndThatIsAudited() throws IOException {
    var canary = "canary-token-0123456789";
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      admin.createToken(
          new CreateTokenRequest(
              List.of("db"), Optional.empty(), Optional.of(Secret.of(canary)), List.of()));
      assertThat(admin.list(Kind.TOKEN, false).getFirst().metadata().name())
          .isEqualTo("*".repeat(17) + "456789");
      assertThat(admin.list(Kind.CERT_AUTHORITY, false).toString()).doesNotContain("PRIVATE");
      assertThat(admin.get(Kind.TOKEN, canary).metadata().name()).startsWith("****");
      assertThat(log()).doesNotContain("secrets.read");
      assertThat(admin.list(Kind.TOKEN, true).getFirst().metadata().name()).isEqualTo(canary);
      assertThat(log()).contains("secrets.read");
    }
    assertThat(log()).doesNotContain(canary).doesNotContain("PRIVATE KEY");
    assertThat(log()).doesNotContain(Cluster.PASSWORD);
  }

  @Test
  void nothingChangesWhileNothingCanBeAudited() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      sql("ALTER TABLE record RENAME TO gone", "ALTER TABLE bookmark RENAME TO gone_too");
      refused(() -> admin.list(Kind.TOKEN, true), ErrorKind.UNAVAILABLE);
      refused(() -> admin.create(Cluster.devRole("dev"), false), ErrorKind.UNAVAILABLE);
      assertThat(admin.list(Kind.ROLE, false)).hasSize(3);
    }
  }

  /// Changes the audit store behind Auth's back.
  private void sql(String... statements) {
    var url = "jdbc:sqlite:" + folder.resolve("auth").resolve("audit.db");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String log() {
    return Recorded.in(folder);
  }

  static void refused(ThrowingCallable call, ErrorKind kind) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).as(e.reason()).isEqualTo(kind));
  }
}
