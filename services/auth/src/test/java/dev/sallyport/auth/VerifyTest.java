package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.chain.ChainFault;
import dev.sallyport.audit.chain.ChainFault.Kind;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.auth.AuditLogTest.Journal;
import dev.sallyport.control.ChainAudit;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.JournalBatch;
import dev.sallyport.model.SystemRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes of the audit store's file while Auth runs, and what verification says of them.
final class VerifyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String EPOCH = AuditLogTest.EPOCH;

  @TempDir Path folder = Path.of("never");

  // Made before each test.
  @SuppressWarnings("NullAway.Init")
  private Cluster cluster;

  @SuppressWarnings("NullAway.Init")
  private Cluster.Joined agent;

  @SuppressWarnings("NullAway.Init")
  private Journal journal;

  /// Three batches of four records, an hour apart, each signed at its end.
  @BeforeEach
  void begin() throws IOException {
    cluster = new Cluster(folder);
    agent = cluster.join(SystemRole.DB, "*");
    journal = new Journal(agent);
    for (var i = 0; i < 3; i++) {
      cluster.client(agent.identity()).journal(journal.batch(4));
      cluster.pass(Duration.ofHours(1));
    }
    // How far everything has come is noted at the end, at the latest.
    cluster.restart();
    assertThat(faults()).isEmpty();
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void signaturesThatWereTakenAwayAreMissed() throws Exception {
    change("DELETE FROM checkpoint WHERE chain = " + chain());

    assertThat(faults())
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.kind()).isEqualTo(Kind.UNSIGNED);
          assertThat(fault.first()).isEqualTo(1);
          assertThat(fault.last()).isEqualTo(12);
        });
    // Also where only a part of the chain is looked at.
    assertThat(faults(Cluster.START, Cluster.START.plusSeconds(60)))
        .extracting(ChainFault::kind)
        .containsExactly(Kind.UNSIGNED);
  }

  @Test
  void aSignatureThatWasMadeUpIsFound() throws Exception {
    change(
        "UPDATE checkpoint SET body = replace(body, '\"signature\":\"M', '\"signature\":\"N') WHERE"
            + " sequence = 8 AND chain = "
            + chain());

    assertThat(faults())
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.kind()).isEqualTo(Kind.UNTRUSTED);
          assertThat(fault.first()).isEqualTo(8);
        });
  }

  @Test
  void aWholeChainThatVanishesIsMissedAndTold() throws Exception {
    for (var table : List.of("event", "checkpoint", "record")) {
      change("DELETE FROM " + table + " WHERE chain = " + chain());
    }
    change("DELETE FROM chain WHERE name = '" + name() + "'");

    assertThat(faults())
        .anySatisfy(fault -> {
          assertThat(fault.kind()).isEqualTo(Kind.TRUNCATED);
          assertThat(fault.chain().toString()).isEqualTo(name());
          assertThat(fault.first()).isEqualTo(1);
          assertThat(fault.last()).isEqualTo(12);
        });
    // Auth itself notices while it runs, and puts it on record.
    await()
        .atMost(PATIENCE)
        .until(() -> faults().stream().anyMatch(fault -> fault.message().contains("had noted")));
  }

  /// Puts another history, which hangs together, in the place of the first records.
  ///
  /// @return where it ends
  private ChainLink rewrite(int records) throws Exception {
    var at = ChainLink.origin(new ChainId(agent.hostId(), EPOCH));
    for (var i = 1; i <= records; i++) {
      var body = "{\"uid\":\"fork%d\"}".formatted(i);
      var next = at.next(body.getBytes(StandardCharsets.UTF_8));
      change(
          "UPDATE record SET body = '%s', previous = '%s', hash = '%s' WHERE chain = %s AND sequence = %d"
              .formatted(body, at.hash().hex(), next.hash().hex(), chain(), i));
      at = next;
    }
    return at;
  }

  @Test
  void aChainThatWasWholeRewrittenIsNotTheOneThatWasNoted() throws Exception {
    var at = rewrite(12);
    change("DELETE FROM event WHERE chain = " + chain());
    change("DELETE FROM checkpoint WHERE chain = " + chain());
    change("UPDATE chain SET head = '" + at.hash().hex() + "' WHERE id = " + chain());

    assertThat(faults()).extracting(ChainFault::kind).contains(Kind.FORKED, Kind.UNSIGNED);
    // The note stays as it is, so that this does not pass after the next round either.
    cluster.restart();
    assertThat(faults()).extracting(ChainFault::kind).contains(Kind.FORKED, Kind.UNSIGNED);
  }

  @Test
  void aWindowIsHeldAtBothEnds() throws Exception {
    var second = Cluster.START.plus(Duration.ofMinutes(30));
    var third = Cluster.START.plus(Duration.ofMinutes(90));
    assertThat(faults(second, third)).isEmpty();

    change("DELETE FROM record WHERE sequence = 8 AND chain = " + chain());
    assertThat(faults(second, third)).extracting(ChainFault::kind).contains(Kind.MISSING);
    change("DELETE FROM record WHERE sequence BETWEEN 5 AND 8 AND chain = " + chain());
    assertThat(faults(second, third))
        .anySatisfy(fault -> {
          assertThat(fault.kind()).isEqualTo(Kind.MISSING);
          assertThat(fault.first()).isEqualTo(5);
          assertThat(fault.last()).isEqualTo(8);
        });
  }

  @Test
  void aWindowThatWasRewrittenInItselfDoesNotHangTogetherWithWhatFollows() throws Exception {
    rewrite(4);
    change("DELETE FROM checkpoint WHERE sequence = 4 AND chain = " + chain());

    assertThat(faults(Cluster.START, Cluster.START.plusSeconds(60)))
        .extracting(ChainFault::kind)
        .contains(Kind.EDITED);
  }

  @Test
  void aSearchThatShowsSomethingElseIsFound() throws Exception {
    misindexed("UPDATE event SET user_name = 'bob' WHERE uid = 'uid-3'", 3);
    misindexed("UPDATE event SET time_millis = time_millis + 1 WHERE uid = 'uid-4'", 4);
    misindexed("DELETE FROM event WHERE uid = 'uid-5'", 5);
    misindexed("UPDATE event SET status = 'failed' WHERE uid = 'uid-6'", 6);
    misindexed(
        "UPDATE event SET record = (SELECT record FROM event WHERE uid = 'uid-8') WHERE uid ="
            + " 'uid-7'",
        8);
    misindexed(
        "INSERT INTO event_table SELECT 'Other', time_millis, id FROM event WHERE uid = 'uid-9'",
        9);
    misindexed("UPDATE record SET set_aside = 1 WHERE sequence = 10 AND chain = " + chain(), 10);
  }

  private void misindexed(String sql, long sequence) throws Exception {
    change(sql);
    assertThat(faults())
        .as(sql)
        .anySatisfy(fault -> {
          assertThat(fault.kind()).isEqualTo(Kind.MISINDEXED);
          assertThat(fault.first()).isEqualTo(sequence);
          assertThat(fault.chain().toString()).isEqualTo(name());
        });
  }

  @Test
  void aSignatureOfAWrongClockProvesNothingAndALaterOneDoes() throws Exception {
    var client = cluster.client(agent.identity());
    client.journal(signedAt(journal.batch(2), Cluster.START.minus(Duration.ofDays(4000))));
    var finding = finding();
    assertThat(finding.faults()).isEmpty();
    assertThat(finding.proven()).isEqualTo(12);
    assertThat(finding.declared()).extracting(ChainFault::kind).containsExactly(Kind.WRONG_CLOCK);
    cluster.restart();
    assertThat(finding().faults()).isEmpty();

    cluster.client(agent.identity()).journal(journal.batch(1));
    assertThat(finding().faults()).isEmpty();
    assertThat(finding().proven()).isEqualTo(15);
  }

  @Test
  void whatAuthCannotStoreIsNotAcknowledgedAndComesAgain() throws Exception {
    var batch = journal.batch(4);
    change(
        "CREATE TRIGGER full BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'database or disk"
            + " is full'); END");
    var client = cluster.client(agent.identity());
    assertThatThrownBy(() -> client.journal(batch))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE));
    assertThatThrownBy(() -> cluster.user("late", "access"))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE));
    change("DROP TRIGGER full");

    assertThat(client.journal(batch).stored()).isEqualTo(16);
    cluster.user("alice", "access");
    assertThat(faults()).isEmpty();
  }

  @Test
  void aForkOverAWrongClockIsAFork() throws Exception {
    var batch = journal.batch(2);
    var other = new ChainLink(new ChainId(agent.hostId(), EPOCH), 14, batch.start().hash());
    var signed =
        Checkpoint.sign(
            other,
            Cluster.START.plus(Duration.ofDays(9000)),
            agent.identity().key(),
            agent.identity().leaf());
    cluster.client(agent.identity()).journal(with(batch, signed));

    assertThat(finding().faults()).extracting(ChainFault::kind).containsExactly(Kind.FORKED);
  }

  private JournalBatch signedAt(JournalBatch batch, Instant time) {
    var link = batch.checkpoints().getFirst().link();
    return with(
        batch, Checkpoint.sign(link, time, agent.identity().key(), agent.identity().leaf()));
  }

  private static JournalBatch with(JournalBatch batch, Checkpoint signed) {
    return new JournalBatch(
        batch.agent(),
        batch.epoch(),
        batch.first(),
        batch.previous(),
        batch.records(),
        batch.head(),
        List.of(signed));
  }

  private String name() {
    return agent.hostId() + "/" + EPOCH;
  }

  private String chain() {
    return "(SELECT id FROM chain WHERE name = '" + name() + "')";
  }

  private void change(String sql) throws SQLException {
    var file = folder.resolve("auth/audit.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private ChainAudit.Finding finding() throws IOException {
    return audit().verify(Optional.empty(), Optional.empty()).stream()
        .filter(found -> found.chain().equals(name()))
        .findFirst()
        .orElseThrow();
  }

  private List<ChainFault> faults() throws IOException {
    return audit().verify(Optional.empty(), Optional.empty()).stream()
        .flatMap(found -> found.faults().stream())
        .toList();
  }

  private List<ChainFault> faults(Instant from, Instant to) throws IOException {
    return audit().verify(Optional.of(from), Optional.of(to)).stream()
        .flatMap(found -> found.faults().stream())
        .toList();
  }

  private ChainAudit audit() throws IOException {
    return new ChainAudit(cluster.admin().auditLog(), cluster.auth().trust());
  }
}
