package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.control.AuditChainPage;
import dev.sallyport.control.AuditRecord;
import dev.sallyport.control.AuditTail;
import dev.sallyport.control.ControlJson;
import dev.sallyport.pki.CaPin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AuditCommandTest extends TctlRig {

  private void events() {
    cluster.audit.event(
        """
        {"event":"user.login","code":"T1000W","time":"2030-01-01T09:00:00.000Z","user":"mallory",\
        "error":"bad\\u001b[2Jpassword"}\
        """);
    cluster.audit.event(
        """
        {"event":"db.session.dynamodb.request","code":"TDY01I","time":"2030-01-01T10:00:00.000Z",\
        "user":"alice","db_service":"orders","db_user":"ReadOnly","sid":"s-1",\
        "target":"DynamoDB_20120810.GetItem","tables":["Music"],"outcome":"answered",\
        "status_code":200}\
        """);
    cluster.audit.event(
        """
        {"event":"db.session.dynamodb.request","code":"TDY01E","time":"2030-01-01T10:00:01.000Z",\
        "user":"alice","db_service":"orders","target":"DynamoDB_20120810.PutItem","sid":"s-1",\
        "tables":["Music"],"outcome":"refused","error":"read only"}\
        """);
  }

  @Test
  void searchPrintsOldestFirstAndNothingThatMovesTheTerminal() {
    events();
    assertThat(tctl("audit", "search", "--from=-2h")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            2030-01-01T09:00:00.000Z  denied   mallory  user.login  (bad?[2Jpassword)
            2030-01-01T10:00:00.000Z  200      alice  GetItem  Music on orders
            2030-01-01T10:00:01.000Z  denied   alice  PutItem  Music on orders (read only)
            """);
    assertThat(cluster.audit.asked.getFirst()).containsEntry("from", "2030-01-01T10:00:00Z");
  }

  @Test
  void searchHandsOverEveryOptionAndStopsAtItsLimit() {
    events();
    assertThat(
            tctl(
                "audit",
                "search",
                "--user=alice",
                "--db=orders",
                "--table=Music",
                "--op=GetItem",
                "--type=t",
                "--session=s-1",
                "--status=400",
                "--from=2029-12-31",
                "--to=2030-01-02T00:00:00+01:00",
                "--limit=1",
                "--format=json"))
        .isZero();
    assertThat(out().lines()).singleElement().asString().startsWith("{").contains("PutItem");
    assertThat(err()).contains("the newest 1");
    assertThat(cluster.audit.asked)
        .singleElement()
        .isEqualTo(
            Map.ofEntries(
                Map.entry("user", "alice"),
                Map.entry("db", "orders"),
                Map.entry("table", "Music"),
                Map.entry("op", "GetItem"),
                Map.entry("type", "t"),
                Map.entry("session", "s-1"),
                Map.entry("http_status", "400"),
                Map.entry("from", "2029-12-31T00:00:00Z"),
                Map.entry("to", "2030-01-01T23:00:00Z"),
                Map.entry("before", ""),
                Map.entry("limit", "1")));
  }

  @Test
  void whatComesAfterTheSearchIsFollowed() {
    events();
    var later =
        ControlJson.MAPPER.readTree(
            "{\"event\":\"user.login\",\"code\":\"T1000I\",\"user\":\"alice\",\"time\":"
                + "\"2030-01-01T12:00:01.000Z\"}");
    cluster.audit.tails.add(new AuditTail(List.of(), 7));
    cluster.audit.tails.add(new AuditTail(List.of(later), 8));
    cluster.audit.tails.add(new AuditTail(List.of(), 8));
    // It ends here because the cluster does.
    assertThat(tctl("audit", "search", "--follow", "--user=alice")).isOne();
    assertThat(err()).isEqualTo("ERROR: the cluster is gone\n\n");
    assertThat(out().lines().toList())
        .hasSize(4)
        .last()
        .asString()
        .contains("2030-01-01T12:00:01.000Z", "alice", "user.login");
    assertThat(cluster.audit.tailed)
        .hasSize(4)
        .allMatch(asked -> "alice".equals(asked.get("user")));
    // Where to go on was asked before the search, so that nothing falls in between.
    assertThat(cluster.audit.tailed.stream().map(asked -> asked.getOrDefault("after", "")))
        .containsExactly("", "7", "8", "8");
  }

  @Test
  void onlyTheChainsOfAWindowAreVerified() throws IOException {
    assertThat(tctl("audit", "verify")).isZero();
    assertThat(tctl("audit", "verify", "--from=2029-12-31", "--to=1h")).isZero();
    assertThat(cluster.audit.windows)
        .containsExactly(" to ", "2029-12-31T00:00:00Z to 2030-01-01T11:00:00Z");
    assertThat(tctl("audit", "verify", "--from=soon")).isOne();
    assertThat(err()).contains("--from: \"soon\"");
    assertThat(tctl("audit", "verify", "--offline=" + export(), "--to=1h")).isOne();
    assertThat(err()).contains("--from and --to work with the cluster, not with --offline");
  }

  @Test
  void wrongOptionsAreToldWithWhatIsExpected() {
    assertThat(tctl("audit", "search", "--from=soon")).isOne();
    assertThat(err()).contains("--from: \"soon\"").contains("2h or 7d");
    assertThat(tctl("audit", "search", "--from=1h", "--to=2h")).isOne();
    assertThat(err()).contains("--to is not after --from");
    assertThat(tctl("audit", "search", "--status=bad")).isOne();
    assertThat(err()).contains("ok, denied, failed, unknown");
    assertThat(tctl("audit", "search", "--limit=0")).isOne();
    assertThat(tctl("audit", "search", "--format=xml")).isOne();
    assertThat(tctl("audit", "top", "--by=moon")).isOne();
    assertThat(tctl("audit", "verify", "--ca-pin=sha256:00")).isOne();
    assertThat(err()).contains("go with --offline");
  }

  @Test
  void sessionsSessionTopAndStatus() {
    assertThat(tctl("audit", "sessions", "--user=alice")).isZero();
    assertThat(out()).contains("s-1", "alice", "orders", "7");
    assertThat(tctl("audit", "session", "s-9")).isOne();
    assertThat(err()).contains("session \"s-9\" is not found");
    events();
    assertThat(tctl("audit", "session", "s-1")).isZero();
    // What came first in it names no database.
    assertThat(out())
        .contains("Session   s-1")
        .contains("Database  orders as ReadOnly")
        .contains("denied   PutItem");
    assertThat(tctl("audit", "top", "--by=table")).isZero();
    assertThat(out()).contains("Table", "Requests").contains("alice");
    assertThat(tctl("audit", "status")).isZero();
    assertThat(out())
        .contains("Behind", "Lost")
        .contains("365 days", "/var/log/x", "1m30s", "disk full");
  }

  @Test
  void verifyTellsWhatIsWrongAndFails() {
    assertThat(tctl("audit", "verify")).isZero();
    assertThat(out()).contains("1 to 9").contains("Everything is as it was recorded.");
    var records = cluster.audit.records;
    var third = records.get(2);
    records.set(2, new AuditRecord(3, third.previous(), third.hash(), "{\"uid\":\"forged\"}"));
    assertThat(tctl("audit", "verify")).isOne();
    assertThat(out()).contains("EDITED").contains("record 3");
    assertThat(err()).contains("the audit log is not as it was recorded");
  }

  @Test
  void verifyShowsDeclaredLossesAndFailsForThemOnDemandOnly() {
    cluster.audit.records.remove(1);
    assertThat(tctl("audit", "verify")).isZero();
    assertThat(out())
        .contains("LOST", "record 2 is missing, as the agent itself said in record 9")
        .contains("the losses above were declared");
    assertThat(tctl("audit", "verify", "--strict")).isOne();
    assertThat(err()).doesNotContain("the audit log is not as it was recorded");
    cluster.audit.records.remove(1);
    assertThat(tctl("audit", "verify")).isOne();
    assertThat(out()).contains("MISSING", "records 2 to 3 are missing");
  }

  @Test
  void anExportIsCheckedWithoutTheCluster() throws IOException {
    var export = export();
    assertThat(verify(export)).isZero();
    assertThat(out()).contains("Everything is as it was recorded.").contains(" 9 ");
    assertThat(tctl("audit", "export", "--out", export.toString())).isOne();
    assertThat(err()).contains("exists already");
    assertThat(tctl("audit", "verify", "--offline", export.toString())).isOne();
    assertThat(err()).contains("whose signatures count?");
    var ca = Files.writeString(folder.resolve("ca.pem"), cluster.audit.authority.certificatePem());
    assertThat(tctl("audit", "verify", "--offline", export.toString(), "--ca", ca.toString()))
        .isZero();
    assertThat(tctl("audit", "verify", "--offline", folder.toString(), "--ca", ca.toString()))
        .isOne();
    assertThat(err()).contains("is no export");
  }

  @Test
  void everyChangeOfAnExportIsFoundAndPlaced() throws IOException {
    // Dropped.
    tampered(records -> records.remove(3), "MISSING", "record 4 is missing");
    // Edited, with a hash that fits the edited text.
    tampered(
        records -> {
          var at = records.get(5);
          var link = new ChainLink(FakeAuditLog.CHAIN, 5, hash(at.previous()));
          var body = "{\"uid\":\"other\"}";
          var hash = link.next(body.getBytes(StandardCharsets.UTF_8)).hash().hex();
          records.set(5, new AuditRecord(6, at.previous(), hash, body));
        },
        "EDITED",
        "record 7");
    // Swapped.
    tampered(
        records -> {
          var sixth = records.get(5);
          records.set(5, records.get(6));
          records.set(6, sixth);
        },
        "OUT_OF_ORDER",
        "record 6");
    // Cut off.
    tampered(records -> records.subList(6, 9).clear(), "TRUNCATED", "end at 6");
    // Another history, whole in itself.
    tampered(
        records -> {
          records.clear();
          var at = ChainLink.origin(FakeAuditLog.CHAIN);
          for (var i = 1; i <= 9; i++) {
            var body = "{\"uid\":\"fork%d\"}".formatted(i);
            var next = at.next(body.getBytes(StandardCharsets.UTF_8));
            records.add(new AuditRecord(i, at.hash().hex(), next.hash().hex(), body));
            at = next;
          }
        },
        "FORKED",
        "up to 5");
  }

  private static dev.sallyport.audit.chain.ChainHash hash(String hex) {
    return dev.sallyport.audit.chain.ChainHash.parse(hex);
  }

  private interface Tampering {
    void with(List<AuditRecord> records);
  }

  private void tampered(Tampering tampering, String kind, String place) throws IOException {
    var export = export();
    var records = new ArrayList<>(cluster.audit.records);
    tampering.with(records);
    var checkpoints = cluster.audit.checkpoints;
    var page = new AuditChainPage(records, checkpoints);
    Files.writeString(export.resolve("chain-0.jsonl"), ControlJson.text(page) + "\n");
    assertThat(verify(export)).as(kind).isOne();
    assertThat(out()).contains(kind).contains(place);
  }

  private Path export() throws IOException {
    var export = Files.createTempDirectory(folder, "x").resolve("export");
    assertThat(tctl("audit", "export", "--out", export.toString())).isZero();
    assertThat(out()).contains("9 records written to");
    return export;
  }

  private int verify(Path export) {
    var pin = CaPin.of(cluster.audit.authority.certificate()).toString();
    return tctl("audit", "verify", "--offline", export.toString(), "--ca-pin", pin);
  }
}
