package dev.sallyport.audit.store.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.sqlite.SQLiteConfig;

/// The file: readable by its owner only, in the newest form.
final class AuditFile {
  private static final List<String> MIGRATIONS =
      List.of(
          "0001-records-and-events.sql",
          "0002-lost-of-readers.sql",
          "0003-key-hashes.sql",
          "0004-set-aside.sql",
          "0005-events-over-chains.sql");
  private static final String OWNER_ONLY = "rw-------";
  private static final int BUSY_TIMEOUT_MILLIS = 5_000;
  private static final int CACHE_KIB = 32 * 1024;

  private final Path path;

  /// Makes the file where it is missing, and narrows its mode.
  AuditFile(Path path) throws IOException {
    if (path.toString().indexOf('?') >= 0) {
      throw new IOException("path of the audit store: " + path + " (expected: no '?' in it)");
    }
    this.path = path;
    var mode = PosixFilePermissions.fromString(OWNER_ONLY);
    if (Files.exists(path)) {
      Files.setPosixFilePermissions(path, mode);
    } else {
      Files.createFile(path, PosixFilePermissions.asFileAttribute(mode));
    }
  }

  Path path() {
    return path;
  }

  Connection writer() throws SQLException {
    var configuration = new SQLiteConfig();
    configuration.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    configuration.setJournalMode(SQLiteConfig.JournalMode.WAL);
    configuration.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    configuration.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    configuration.setCacheSize(-CACHE_KIB);
    var connection = configuration.createConnection(url());
    try {
      if (Sql.number(connection, "PRAGMA auto_vacuum") == 0
          && Sql.number(connection, "SELECT COUNT(*) FROM sqlite_schema") == 0) {
        // Lets retention give room back in small steps; can be set only while nothing is in it.
        Sql.plain(connection, "PRAGMA auto_vacuum = INCREMENTAL");
        Sql.plain(connection, "VACUUM");
      }
      migrate(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  Connection reader() throws SQLException {
    var configuration = new SQLiteConfig();
    configuration.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    configuration.setReadOnly(true);
    return configuration.createConnection(url());
  }

  private String url() {
    return "jdbc:sqlite:" + path.toAbsolutePath();
  }

  /// Numbered files, each applied once, in one transaction with the note that it was.
  private static void migrate(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER NOT NULL PRIMARY KEY, name"
              + " TEXT NOT NULL)");
    }
    var applied =
        (int) Sql.number(connection, "SELECT COALESCE(MAX(number), 0) FROM schema_version");
    if (applied > MIGRATIONS.size()) {
      throw new SQLException(
          "the audit store is of form %d, this program knows up to %d: start a newer version"
              .formatted(applied, MIGRATIONS.size()));
    }
    for (var number = applied + 1; number <= MIGRATIONS.size(); number++) {
      var name = MIGRATIONS.get(number - 1);
      var next = number;
      Sql.transaction(
          connection,
          () -> {
            for (var sql : statements(name)) {
              Sql.run(connection, sql);
            }
            Sql.run(connection, "INSERT INTO schema_version VALUES (?, ?)", next, name);
            return next;
          });
    }
  }

  private static List<String> statements(String name) {
    try (var stream =
        AuditFile.class.getResourceAsStream("/dev/sallyport/audit/store/sqlite/" + name)) {
      if (stream == null) {
        throw new IllegalStateException("the program lacks its file " + name);
      }
      var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split(";", -1))
          .map(String::strip)
          .filter(sql -> !sql.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
