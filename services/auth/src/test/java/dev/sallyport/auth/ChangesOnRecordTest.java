package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.KeyPairs;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A change of the state and the record of it are one, also for what users change of themselves and
/// for what the Auth Service makes by itself.
final class ChangesOnRecordTest {
  @TempDir Path folder = Path.of("never");

  @Test
  void aPasswordIsSetTogetherWithItsRecord() throws Exception {
    try (var cluster = new Cluster(folder)) {
      var link =
          Cluster.token(
              cluster
                  .admin()
                  .createUser(
                      new CreateUserRequest(
                          "alice", List.of("access"), Map.of(), Optional.empty())));
      // Between the commit of the change and the delivery of its record, nothing can be recorded.
      change(
          """
          CREATE TRIGGER refuse BEFORE INSERT ON record WHEN NEW.body LIKE '%user.password_change%'
          BEGIN SELECT RAISE(ABORT, 'refused'); END\
          """);
      cluster
          .proxy()
          .setPassword(link, new SetPasswordRequest(Secret.of(Cluster.PASSWORD), "192.0.2.1"));
      // What waits is one change: the next has to wait until that is on record.
      var login = Cluster.login("alice", Cluster.PASSWORD, KeyPairs.generate());
      refused(() -> cluster.proxy().login(login), ErrorKind.UNAVAILABLE);
      refused(() -> cluster.user("bob", "access"), ErrorKind.UNAVAILABLE);
      assertThat(passwordChanges()).isZero();
      change("DROP TRIGGER refuse");
      cluster.restart();
      assertThat(passwordChanges()).isEqualTo(1);
      cluster.proxy().login(login);
      cluster.restart();
      assertThat(passwordChanges()).isEqualTo(1);
    }
  }

  @Test
  void aSignInTellsWhatTheClientCallsItself() throws Exception {
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "access");
      var proxy = cluster.proxy();
      proxy.login(called("tsh/1.0.0", Cluster.PASSWORD));
      assertThatThrownBy(() -> proxy.login(called("x".repeat(10_000), "a wrong password")))
          .isInstanceOf(ControlException.class);
    }
    assertThat(events("user.login"))
        .anyMatch(line -> line.contains("\"user_agent\":\"tsh/1.0.0\""))
        .anyMatch(line -> line.contains("\"user_agent\":\"" + "x".repeat(256) + "\""));
  }

  private static LoginRequest called(String agent, String password) {
    var plain = Cluster.login("alice", password, KeyPairs.generate());
    return new LoginRequest(
        plain.user(),
        plain.password(),
        plain.otp(),
        plain.publicKey(),
        plain.ttl(),
        plain.clientAddress(),
        plain.webauthn(),
        Optional.of(agent));
  }

  @Test
  void aDatabaseIsOnRecordWithWhatItIs() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.admin().create(Cluster.database("orders", "dev"), false);
    }
    assertThat(events("db.create"))
        .singleElement()
        .asString()
        .contains("\"name\":\"orders\"", "\"db_protocol\":\"dynamodb\"")
        .contains("\"db_aws_region\":\"us-east-1\"", "\"db_origin\":\"dynamic\"")
        .contains("\"updated_by\":\"");
  }

  @Test
  void whatTheAuthServiceMakesByItselfIsOnRecordOnce() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.restart();
    }
    assertThat(events("role.created"))
        .hasSize(3)
        .allMatch(line -> line.contains("\"user\":\"auth\""))
        .anyMatch(line -> line.contains("\"name\":\"editor\""));
    assertThat(events("auth_preference.update")).hasSize(1);
    try (var _ = new Cluster(folder, Optional.of(Cluster.factors(true, false)))) {
      assertThat(events("auth_preference.update"))
          .hasSize(2)
          .last()
          .asString()
          .contains("\"before\":{", "\"after\":{");
    }
  }

  private long passwordChanges() {
    return events("user.password_change").size();
  }

  private List<String> events(String name) {
    return Recorded.in(folder)
        .lines()
        .filter(line -> line.contains("\"event\":\"%s\"".formatted(name)))
        .toList();
  }

  private void change(String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("auth/audit.db"));
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
