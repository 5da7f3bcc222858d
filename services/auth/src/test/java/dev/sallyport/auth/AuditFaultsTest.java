package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.auth.AuditLogTest.Journal;
import dev.sallyport.control.ChainAudit;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.SystemRole;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a running Auth Service does when its disk or its clock is not as it should be.
final class AuditFaultsTest {
  @TempDir Path folder = Path.of("never");

  @Test
  void aSlowDiskMakesCommitsWaitAndNoSearch() throws Exception {
    try (var cluster = new Cluster(folder)) {
      var agent = cluster.join(SystemRole.DB, "*");
      var client = cluster.client(agent.identity());
      var log = cluster.admin().auditLog();
      var journal = new Journal(agent);
      CompletableFuture<Long> stored;
      // Nobody else can write as long as this is open.
      try (var connection = connection()) {
        begin(connection);
        stored = CompletableFuture.supplyAsync(() -> client.journal(journal.batch(3)).stored());
        assertThat(log.search(AuditLogTest.window("type", "instance.join")).events()).hasSize(1);
        assertThat(log.state().position()).isPositive();
        assertThat(stored).isNotDone();
      }
      assertThat(stored.get()).isEqualTo(3);
      assertThat(clean(cluster)).isTrue();
    }
  }

  @Test
  void aDiskThatDoesNotAnswerAcknowledgesNothingAndNothingIsLost() throws Exception {
    try (var cluster = new Cluster(folder)) {
      var agent = cluster.join(SystemRole.DB, "*");
      var client = cluster.client(agent.identity());
      var batch = new Journal(agent).batch(3);
      try (var connection = connection()) {
        begin(connection);
        // After 5 s each. The first may fail on its way, before the store knows of any trouble;
        // a change would then stand, and its event wait.
        unavailable(() -> client.journal(batch));
        unavailable(() -> client.journal(batch));
        unavailable(() -> cluster.user("late", "access"));
      }
      assertThat(client.journal(batch).stored()).isEqualTo(3);
      cluster.user("late", "access");
      assertThat(clean(cluster)).isTrue();
    }
  }

  @Test
  void aClockThatJumpsForwardAndBackLosesNoRecord() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var agent = cluster.join(SystemRole.DB, "*");
      var client = cluster.client(agent.identity());
      var journal = new Journal(agent);
      client.journal(journal.batch(2));
      cluster.user("before", "access");
      cluster.pass(Duration.ofDays(20));
      client.journal(journal.batch(2));
      cluster.user("during", "access");
      cluster.pass(Duration.ofDays(-20));
      client.journal(journal.batch(2));
      cluster.user("after", "access");
      var created =
          cluster
              .admin()
              .auditLog()
              .search(
                  Map.of(
                      "type",
                      "user.create",
                      "from",
                      Cluster.START.minus(Duration.ofDays(1)).toString(),
                      "to",
                      Cluster.START.plus(Duration.ofDays(30)).toString()))
              .events();
      assertThat(created)
          .extracting(event -> event.path("name").stringValue())
          .containsExactlyInAnyOrder("before", "during", "after");
      assertThat(clean(cluster)).isTrue();
      // Also after a start at either time.
      cluster.restart();
      assertThat(clean(cluster)).isTrue();
      cluster.pass(Duration.ofDays(20));
      cluster.restart();
      assertThat(clean(cluster)).isTrue();
    }
  }

  private static boolean clean(Cluster cluster) throws IOException {
    return new ChainAudit(cluster.admin().auditLog(), cluster.auth().trust())
        .verify(Optional.empty(), Optional.empty()).stream()
            .allMatch(finding -> finding.faults().isEmpty());
  }

  private static void unavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE));
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("auth/audit.db"));
  }

  private static void begin(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
    }
  }
}
