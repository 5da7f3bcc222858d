package dev.sallyport.audit.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.store.Appended;
import dev.sallyport.audit.store.AuditQuery;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.AuditStoreConformance;
import dev.sallyport.audit.store.Records;
import dev.sallyport.audit.store.SearchTooSlow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteAuditStoreTest extends AuditStoreConformance {
  @TempDir Path folder = Path.of("never");

  @Override
  protected AuditStore open() throws IOException {
    return SqliteAuditStore.open(folder.resolve("audit.db"));
  }

  @Test
  void whatWasStoredIsThereAfterReopening() throws Exception {
    var file = folder.resolve("second.db");
    var entries = new Records(Records.AGENT).requests(3, "alice");
    try (var store = SqliteAuditStore.open(file)) {
      store.append(Records.AGENT, entries, Records.START);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var store = SqliteAuditStore.open(file)) {
      assertThat(store.append(Records.AGENT, entries, Records.START))
          .isEqualTo(new Appended.Done(0, 3));
      assertThat(store.entries(Records.AGENT.toString(), 1, 10)).isEqualTo(entries);
    }
  }

  @Test
  void aSearchThatTakesTooLongIsStoppedAndStopsNothingElse() throws Exception {
    var file = folder.resolve("slow.db");
    var records = new Records(Records.AGENT);
    try (var store = SqliteAuditStore.open(file)) {
      for (var i = 0; i < 20; i++) {
        store.append(Records.AGENT, records.requests(1000, "alice"), Records.START);
      }
    }
    try (var store = SqliteAuditStore.open(file, Duration.ofMillis(1))) {
      // A search may be done before the clock is looked at; of many, one is not.
      await()
          .untilAsserted(() ->
              assertThatThrownBy(() -> store.search(byStatus(999)))
                  .isInstanceOf(SearchTooSlow.class)
                  .hasMessageContaining("ask for less time"));
      // What Auth itself needs has no limit, and the connection is as it was.
      assertThat(store.knows(Records.AGENT, "alice7")).isTrue();
      assertThat(store.append(Records.AGENT, records.requests(1, "bob"), Records.START))
          .isEqualTo(new Appended.Done(1, 20_001));
      assertThat(store.after(0, 5, 1 << 20)).hasSize(5);
    }
    try (var store = SqliteAuditStore.open(file)) {
      assertThat(store.search(byStatus(999)).hits()).isEmpty();
    }
  }

  @Test
  void afterACommitThatCouldNotBeginTheNextIsWhole() throws Exception {
    var file = folder.resolve("busy.db");
    var entries = new Records(Records.AGENT).requests(3, "alice");
    try (var store = SqliteAuditStore.open(file)) {
      try (var other = DriverManager.getConnection("jdbc:sqlite:" + file);
          var statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        assertThatThrownBy(() -> store.append(Records.AGENT, entries, Records.START))
            .isInstanceOf(AuditUnavailable.class)
            .hasRootCauseMessage("[SQLITE_BUSY] The database file is locked (database is locked)");
      }
      assertThat(store.append(Records.AGENT, entries, Records.START))
          .isEqualTo(new Appended.Done(3, 3));
    }
  }

  private static AuditQuery byStatus(int status) {
    var all = AuditQuery.Filter.ALL;
    return new AuditQuery(
        Records.START,
        Records.START.plus(Duration.ofDays(1)),
        new AuditQuery.Filter(
            all.user(),
            all.database(),
            all.table(),
            all.operation(),
            all.type(),
            all.session(),
            all.status(),
            Optional.of(status),
            List.of()),
        Optional.empty(),
        100);
  }

  @Test
  void aFileOfANewerProgramOrOfNoneIsRefused() throws Exception {
    var newer = folder.resolve("newer.db");
    SqliteAuditStore.open(newer).close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + newer);
        var statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO schema_version VALUES (99, 'future')");
    }
    assertThatThrownBy(() -> SqliteAuditStore.open(newer))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("form 99");
    var text = folder.resolve("text.db");
    Files.writeString(text, "this is no database ".repeat(200));
    assertThatThrownBy(() -> SqliteAuditStore.open(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("text.db");
  }
}
