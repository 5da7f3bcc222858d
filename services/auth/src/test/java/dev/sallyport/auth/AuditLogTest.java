package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.audit.chain.ChainFault;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.control.ChainAudit;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.JournalBatch;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.diagnostics.MetricText;
import dev.sallyport.model.Kind;
import dev.sallyport.model.SystemRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What is on record, who may see it, and that nobody changes it unseen.
final class AuditLogTest {
  static final String EPOCH = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder = Path.of("never");

  @Test
  void changesAreOnRecordWithWhatTheyChangedAndFromWhere() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "access");
      cluster
          .admin()
          .updateUser(
              "alice",
              new UpdateUserRequest(Optional.of(List.of("access", "editor")), Optional.empty()));
      var event = search(cluster, "type", "user.update").getFirst();
      assertThat(event.path("name").stringValue()).isEqualTo("alice");
      assertThat(event.path("addr.remote").stringValue()).isEqualTo("127.0.0.1");
      assertThat(event.path("before").path("spec.roles").stringValue()).isEqualTo("[\"access\"]");
      assertThat(event.path("after").path("spec.roles").stringValue())
          .isEqualTo("[\"access\",\"editor\"]");
      assertThat(event.path("after").size()).isEqualTo(1);
    }
  }

  @Test
  void noSecretIsInAnyRecord() throws IOException {
    var canary = "canary-token-0123456789";
    String link;
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      link =
          Cluster.token(
              admin.createUser(
                  new dev.sallyport.control.CreateUserRequest(
                      "bob", List.of("access"), Map.of(), Optional.empty())));
      cluster.user("alice", "access");
      cluster.signIn("alice");
      admin.createToken(
          new CreateTokenRequest(
              List.of("Db"),
              Optional.empty(),
              Optional.of(dev.sallyport.model.Secret.of(canary)),
              List.of()));
      admin.list(Kind.TOKEN, true);
      admin.list(Kind.CERT_AUTHORITY, true);
      admin.delete(Kind.TOKEN, canary);
      var events = search(cluster, "type", "");
      assertThat(events)
          .extracting(event -> event.path("event").asString(""))
          .contains(
              "join_token.create",
              "join_token.delete",
              "secrets.read",
              "user.login",
              "reset_password_token.create",
              "user.password_change",
              "cert.create");
      assertThat(events.toString())
          .doesNotContain(canary)
          .doesNotContain(Cluster.PASSWORD)
          .doesNotContain(link)
          .doesNotContain("PRIVATE KEY");
    }
    // Nor in what is beside the records: indexes, free pages, the write-ahead log.
    try (var files = Files.list(folder.resolve("auth"))) {
      for (var file : files.filter(f -> f.getFileName().toString().startsWith("audit")).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain(canary)
            .doesNotContain(Cluster.PASSWORD)
            .doesNotContain(link)
            .doesNotContain("PRIVATE KEY");
      }
    }
  }

  @Test
  void auditorsSeeEverythingOthersTheirOwn() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "access");
      cluster.user("carol", "auditor");
      cluster.user("erin", "editor");
      var alice = cluster.client(cluster.signIn("alice")).auditLog();
      var carol = cluster.client(cluster.signIn("carol")).auditLog();
      var erin = cluster.client(cluster.signIn("erin")).auditLog();
      assertThat(carol.search(window("user", "erin")).events()).isNotEmpty();
      assertThat(carol.chains(Optional.empty(), Optional.empty()).chains()).isNotEmpty();
      assertThat(alice.search(window("user", "")).events())
          .isNotEmpty()
          .allMatch(event -> event.path("user").asString("").equals("alice"));
      refused(() -> alice.search(window("user", "erin")), ErrorKind.ACCESS_DENIED);
      refused(() -> alice.top(window("by", "user")), ErrorKind.ACCESS_DENIED);
      refused(() -> alice.chains(Optional.empty(), Optional.empty()), ErrorKind.ACCESS_DENIED);
      refused(() -> alice.state(), ErrorKind.ACCESS_DENIED);
      refused(() -> erin.search(window("user", "")), ErrorKind.ACCESS_DENIED);
      refused(() -> erin.tail(Map.of()), ErrorKind.ACCESS_DENIED);
      refused(() -> erin.sessions(window("user", "")), ErrorKind.ACCESS_DENIED);
      refused(() -> carol.search(Map.of()), ErrorKind.BAD_PARAMETER);
      refused(() -> carol.search(window("limit", "1001")), ErrorKind.BAD_PARAMETER);
      refused(() -> carol.search(window("before", "1' OR 1")), ErrorKind.BAD_PARAMETER);
      refused(() -> carol.search(window("status", "x")), ErrorKind.BAD_PARAMETER);
      refused(() -> carol.search(window("user", "x".repeat(1025))), ErrorKind.BAD_PARAMETER);
    }
  }

  @Test
  void aJournalIsTakenOnceAndItsGapsAndContradictionsAreOnRecord() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var agent = cluster.join(SystemRole.DB, "*");
      var client = cluster.client(agent.identity());
      var journal = new Journal(agent);
      var first = journal.batch(3);
      assertThat(client.journal(first).stored()).isEqualTo(3);
      assertThat(client.journal(first).stored()).isEqualTo(3);
      journal.batch(2);
      assertThat(client.journal(journal.batch(2)).stored()).isEqualTo(7);
      assertThat(search(cluster, "type", "audit.store").getFirst().path("state").stringValue())
          .isEqualTo("gap");
      assertThat(search(cluster, "type", "client.disconnect")).hasSize(5);
      var other = new Journal(agent);
      other.prefix = "other-";
      refused(() -> client.journal(other.batch(3)), ErrorKind.COMPARE_FAILED);
      assertThat(search(cluster, "type", "audit.store").getFirst().path("state").stringValue())
          .isEqualTo("contradicted");
      assertThat(search(cluster, "type", "client.disconnect")).hasSize(5);
      var faults = faults(cluster);
      assertThat(faults).extracting(ChainFault::kind).containsExactly(ChainFault.Kind.MISSING);
      assertThat(faults.getFirst().first()).isEqualTo(4);
      var metrics = new MetricText();
      cluster.auth().measure(metrics);
      assertThat(metrics.toString())
          .contains("sallyport_audit_store_notices_total{state=\"gap\"} 1\n")
          .contains("sallyport_audit_store_notices_total{state=\"contradicted\"} 1\n")
          .contains("sallyport_audit_store_notices_total{state=\"rolled_back\"} 0\n");
      assertThat(faults.getFirst().last()).isEqualTo(5);
    }
  }

  @Test
  void hostileJournalsAreRefused() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var agent = cluster.join(SystemRole.DB, "*");
      var stranger = cluster.join(SystemRole.DB, "*");
      var client = cluster.client(agent.identity());
      var batch = new Journal(agent).batch(2);
      refused(() -> cluster.client(stranger.identity()).journal(batch), ErrorKind.ACCESS_DENIED);
      refused(() -> cluster.proxy().journal(batch), ErrorKind.ACCESS_DENIED);
      refused(() -> cluster.admin().journal(batch), ErrorKind.ACCESS_DENIED);
      refused(
          () -> client.journal(with(batch, batch.records(), "0".repeat(64), batch.checkpoints())),
          ErrorKind.BAD_PARAMETER);
    }
  }

  @Test
  void whatIsNoEventOfTheAgentIsSetAsideAndHoldsNothingUp() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var agent = cluster.join(SystemRole.DB, "*");
      var stranger = cluster.join(SystemRole.DB, "*");
      var client = cluster.client(agent.identity());
      var journal = new Journal(agent);
      var good = journal.batch(1);
      client.journal(good);
      var random = new Random(7);
      for (var i = 2; i <= 40; i++) {
        var text = new StringBuilder(good.records().getFirst());
        for (var n = 0; n < 3; n++) {
          text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x20, 0x250));
        }
        assertThat(client.journal(journal.of(List.of(text.toString()))).stored()).isEqualTo(i);
      }
      var role =
          """
          {"event":"role.created","code":"T9000I","uid":"r","time":"2030-01-01T00:00:00.000Z",\
          "cluster_name":"example.com","ei":0,"user":"admin","user_kind":1,"name":"r"}\
          """;
      var aside =
          journal.of(List.of(role, "", new Journal(stranger).batch(1).records().getFirst()));
      assertThat(client.journal(aside).stored()).isEqualTo(43);
      assertThat(client.journal(aside).stored()).isEqualTo(43);
      assertThat(client.journal(journal.batch(1)).stored()).isEqualTo(44);
      assertThat(search(cluster, "type", "role.created"))
          .noneMatch(event -> event.path("name").stringValue().equals("r"));
      var last = search(cluster, "type", "audit.store").getFirst();
      assertThat(last.path("state").stringValue()).isEqualTo("set_aside");
      assertThat(last.path("chain").stringValue()).isEqualTo(agent.hostId() + "/" + EPOCH);
      assertThat(last.path("first").asInt()).isEqualTo(41);
      assertThat(last.path("last").asInt()).isEqualTo(43);
      assertThat(last.path("reason").stringValue()).startsWith("3 records; the first: ");
      assertThat(cluster.admin().auditLog().state().setAside()).isGreaterThan(3);
      assertThat(faults(cluster)).isEmpty();
      // A signature that is another host's is not kept, and the records are.
      var second = new Journal(stranger);
      var unsigned = second.batch(1);
      assertThat(
              cluster
                  .client(stranger.identity())
                  .journal(with(unsigned, unsigned.records(), unsigned.head(), good.checkpoints()))
                  .stored())
          .isEqualTo(1);
      assertThat(proven(cluster, stranger)).isZero();
      assertThat(proven(cluster, agent)).isEqualTo(44);
    }
  }

  private static long proven(Cluster cluster, Cluster.Joined agent) throws IOException {
    return findings(cluster).stream()
        .filter(finding -> finding.chain().startsWith(agent.hostId()))
        .findFirst()
        .orElseThrow()
        .proven();
  }

  @Test
  void aLossThatTheAgentSignedForIsNoFault() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var agent = cluster.join(SystemRole.DB, "*");
      var client = cluster.client(agent.identity());
      var journal = new Journal(agent);
      client.journal(journal.batch(2));
      journal.batch(3);
      client.journal(journal.batch(1));
      var unsigned = journal.of(List.of(lost(agent, "3-5")));
      client.journal(with(unsigned, unsigned.records(), unsigned.head(), List.of()));
      assertThat(faults(cluster))
          .extracting(ChainFault::kind)
          .containsExactly(ChainFault.Kind.MISSING);
      client.journal(journal.batch(1));
      assertThat(faults(cluster)).isEmpty();
      assertThat(findings(cluster))
          .flatExtracting(ChainAudit.Finding::declared)
          .extracting(ChainFault::kind, ChainFault::first, ChainFault::last)
          .containsExactly(org.assertj.core.groups.Tuple.tuple(ChainFault.Kind.LOST, 3L, 5L));
      journal.batch(2);
      client.journal(journal.of(List.of(lost(agent, "9-9"))));
      assertThat(faults(cluster)).extracting(ChainFault::first).containsExactly(9L);
    }
  }

  private static String lost(Cluster.Joined agent, String gap) {
    return """
    {"event":"audit.journal","code":"TAJ00E","ei":0,"uid":"lost-%1$s","time":"2030-01-01T00:00:00.000Z",\
    "cluster_name":"example.com","user":"host","user_kind":2,"server_id":"%2$s","state":"lost",\
    "epoch":"%3$s","records":3,"bytes":0,"reason":"a file of the journal is damaged","gaps":["%1$s"]}\
    """
        .formatted(gap, agent.hostId(), EPOCH);
  }

  @Test
  void everyChangeOfTheFileIsFoundAndPlaced() throws Exception {
    var file = folder.resolve("auth/audit.db");
    Cluster.Joined agent;
    try (var cluster = new Cluster(folder)) {
      agent = cluster.join(SystemRole.DB, "*");
      var journal = new Journal(agent);
      var client = cluster.client(agent.identity());
      for (var i = 0; i < 3; i++) {
        client.journal(journal.batch(4));
      }
      assertThat(faults(cluster)).isEmpty();
    }
    var whole = Files.readAllBytes(file);
    var chain = "(SELECT id FROM chain WHERE name = '%s/%s')".formatted(agent.hostId(), EPOCH);
    var where = " WHERE chain = " + chain + " AND sequence ";
    found(whole, "DELETE FROM record" + where + "= 5", ChainFault.Kind.MISSING, 5);
    found(
        whole,
        "UPDATE record SET body = replace(body, 'alice', 'bob')" + where + "= 6",
        ChainFault.Kind.EDITED,
        6);
    found(
        whole,
        "UPDATE record SET hash = '%s'".formatted("0".repeat(64)) + where + "= 7",
        ChainFault.Kind.EDITED,
        7);
    found(
        whole,
        "UPDATE record SET sequence = 8 - sequence + 100" + where + "IN (3, 4, 5)",
        ChainFault.Kind.MISSING,
        3);
    found(whole, "DELETE FROM record" + where + "> 10", ChainFault.Kind.MISSING, 11);
    // With all that would tell of them in this file.
    found(
        whole,
        "DELETE FROM record"
            + where
            + "> 8;DELETE FROM checkpoint"
            + where
            + "> 8;UPDATE chain SET last = 8, head = (SELECT hash FROM record"
            + where
            + "= 8) WHERE id = "
            + chain,
        ChainFault.Kind.TRUNCATED,
        9);
    found(
        whole,
        "DELETE FROM record"
            + where
            + "< 3;UPDATE chain SET first = 3, anchor = (SELECT previous FROM record"
            + where
            + "= 3) WHERE id = "
            + chain,
        ChainFault.Kind.MISSING,
        1);
    forked(agent, chain, whole);
    // An old copy of the whole file.
    Files.write(file, whole);
    try (var cluster = new Cluster(folder)) {
      cluster.user("late", "access");
    }
    Files.write(file, whole);
    try (var cluster = new Cluster(folder)) {
      assertThat(faults(cluster))
          .anyMatch(fault ->
              fault.kind() == ChainFault.Kind.TRUNCATED
                  && fault.message().contains("had noted records up to"));
    }
  }

  /// Another history of the agent's, whole in itself, over the agent's own signatures.
  private void forked(Cluster.Joined agent, String chain, byte[] whole) throws Exception {
    var at = ChainLink.origin(new ChainId(agent.hostId(), EPOCH));
    var sql = new StringBuilder();
    for (var i = 1; i <= 12; i++) {
      var body = "{\"uid\":\"fork%d\"}".formatted(i);
      var next = at.next(body.getBytes(StandardCharsets.UTF_8));
      sql.append(
          "UPDATE record SET body = '%s', previous = '%s', hash = '%s' WHERE chain = %s AND sequence = %d;"
              .formatted(body, at.hash().hex(), next.hash().hex(), chain, i));
      at = next;
    }
    found(whole, sql.toString(), ChainFault.Kind.FORKED, 1);
  }

  private void found(byte[] whole, String sql, ChainFault.Kind kind, long at) throws Exception {
    var file = folder.resolve("auth/audit.db");
    Files.deleteIfExists(folder.resolve("auth/audit.db-wal"));
    Files.deleteIfExists(folder.resolve("auth/audit.db-shm"));
    Files.write(file, whole);
    change(file, sql);
    try (var cluster = new Cluster(folder)) {
      assertThat(faults(cluster))
          .as(sql)
          .anyMatch(fault ->
              fault.kind() == kind
                  && fault.first() <= at
                  && fault.last() >= at
                  && fault.chain().epoch().equals(EPOCH));
    }
  }

  private static void change(Path file, String statements) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      for (var sql : statements.split(";", -1)) {
        if (!sql.isBlank()) {
          statement.executeUpdate(sql);
        }
      }
    }
  }

  private static List<ChainFault> faults(Cluster cluster) throws IOException {
    return findings(cluster).stream().flatMap(finding -> finding.faults().stream()).toList();
  }

  private static List<ChainAudit.Finding> findings(Cluster cluster) throws IOException {
    return new ChainAudit(cluster.admin().auditLog(), cluster.auth().trust())
        .verify(Optional.empty(), Optional.empty());
  }

  private static List<JsonNode> search(Cluster cluster, String name, String value)
      throws IOException {
    return cluster.admin().auditLog().search(window(name, value)).events();
  }

  static Map<String, String> window(String name, String value) {
    return Map.of(
        "from",
        Cluster.START.minus(Duration.ofDays(1)).toString(),
        "to",
        Cluster.START.plus(Duration.ofDays(1)).toString(),
        name,
        value);
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorKind kind) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).as(e.reason()).isEqualTo(kind));
  }

  private static JournalBatch with(
      JournalBatch batch, List<String> records, String head, List<Checkpoint> checkpoints) {
    return new JournalBatch(
        batch.agent(), batch.epoch(), batch.first(), batch.previous(), records, head, checkpoints);
  }

  /// An agent's records, each batch signed at its end.
  static final class Journal {
    private final Cluster.Joined agent;
    private ChainLink at;
    private String prefix = "uid-";

    Journal(Cluster.Joined agent) {
      this.agent = agent;
      this.at = ChainLink.origin(new ChainId(agent.hostId(), EPOCH));
    }

    JournalBatch batch(int count) {
      var records = new ArrayList<String>();
      for (var i = 1; i <= count; i++) {
        records.add(
            """
            {"event":"client.disconnect","code":"T3006I","ei":0,"uid":"%s","time":"2030-01-01T00:00:00.000Z",\
            "cluster_name":"example.com","user":"alice","user_kind":1,"sid":"s","private_key_policy":"none",\
            "db_service":"orders","db_protocol":"dynamodb","db_uri":"u","db_user":"r","db_aws_region":"us-east-1",\
            "db_type":"dynamodb","db_origin":"config-file","server_id":"%s","reason":"expired"}\
            """
                .formatted(prefix + (at.sequence() + i), agent.hostId()));
      }
      return of(records);
    }

    JournalBatch of(List<String> records) {
      var start = at;
      for (var record : records) {
        at = at.next(record.getBytes(StandardCharsets.UTF_8));
      }
      var signed =
          Checkpoint.sign(at, Cluster.START, agent.identity().key(), agent.identity().leaf());
      return new JournalBatch(
          agent.hostId(),
          EPOCH,
          start.sequence() + 1,
          start.hash().hex(),
          records,
          at.hash().hex(),
          List.of(signed));
    }
  }
}
