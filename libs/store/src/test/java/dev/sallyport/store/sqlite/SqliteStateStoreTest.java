package dev.sallyport.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.StateStoreConformance;
import dev.sallyport.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The SQLite engine: the conformance suite, and what only a file can get wrong.
final class SqliteStateStoreTest extends StateStoreConformance {
  @TempDir Path folder = Path.of("never");

  @Override
  protected StateStore open(InstantSource clock) {
    return SqliteStateStore.open(folder.resolve("state").resolve("auth.db"), clock);
  }

  @Test
  void filesAreReadableByTheirOwnerOnly() throws IOException {
    try (var files = Files.list(folder.resolve("state"))) {
      for (var file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo("rw-------");
      }
    }
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("state"))))
        .isEqualTo("rwx------");
  }

  @Test
  void wideModesAreNarrowedAtOpening() throws IOException {
    var file = folder.resolve("wide.db");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    try (var store = SqliteStateStore.open(file, InstantSource.system())) {
      store.put("a", "1", Condition.always());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void secondOpeningIsRefusedAndHarmless() {
    var file = folder.resolve("state").resolve("auth.db");
    assertThatThrownBy(() -> SqliteStateStore.open(file, InstantSource.system()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("in use")
        .hasMessageContaining(file.toString());
  }

  @Test
  void afterACommitThatCouldNotBeginTheNextIsWhole() throws Exception {
    var file = folder.resolve("busy.db");
    try (var store = SqliteStateStore.open(file, InstantSource.system())) {
      try (var other = DriverManager.getConnection("jdbc:sqlite:" + file);
          var statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        assertThatThrownBy(() -> store.put("a", "1", Condition.always()))
            .isInstanceOf(StoreException.class)
            .hasRootCauseMessage("[SQLITE_BUSY] The database file is locked (database is locked)");
      }
      assertThat(store.get("a")).isEmpty();
      store.put("b", "2", Condition.always());
      assertThat(store.get("b")).isPresent();
      assertThat(store.put("b", "3", Condition.absent())).isInstanceOf(CommitResult.Conflict.class);
    }
  }

  @Test
  void newerFormIsRefused() throws Exception {
    var file = folder.resolve("newer.db");
    SqliteStateStore.open(file, InstantSource.system()).close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO schema_version (number, name) VALUES (999, 'future')");
    }
    assertThatThrownBy(() -> SqliteStateStore.open(file, InstantSource.system()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("form 999");
  }

  @Test
  void fileThatIsNoDatabaseIsRefused() throws IOException {
    var file = folder.resolve("other.db");
    Files.writeString(
        file, "certainly not a database, but long enough to look like one\n".repeat(40));
    assertThatThrownBy(() -> SqliteStateStore.open(file, InstantSource.system()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("other.db");
  }

  @Test
  void deletedValueLeavesTheFile() throws IOException {
    var file = folder.resolve("secret.db");
    try (var store = SqliteStateStore.open(file, InstantSource.system())) {
      store.put("a", "canary-in-the-mine", Condition.always());
      store.put("a", "other", Condition.always());
      store.delete("a", Condition.always());
    }
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
        .doesNotContain("canary-in-the-mine");
    assertThat(folder.resolve("secret.db-wal")).doesNotExist();
  }
}
