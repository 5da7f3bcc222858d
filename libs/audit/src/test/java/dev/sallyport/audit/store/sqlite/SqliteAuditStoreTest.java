package dev.sallyport.audit.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.audit.store.Appended;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.AuditStoreConformance;
import dev.sallyport.audit.store.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
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
