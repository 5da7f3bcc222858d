package dev.sallyport.store.sqlite;

import dev.sallyport.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/// Brings a database to the newest form: numbered SQL files, each applied once, in one transaction
/// with the note that it was. A database from a newer program is refused, not guessed at.
final class Migrations {
  private static final List<String> FILES = List.of("0001-items-and-changes.sql");

  private Migrations() {}

  /// Applies what is missing. The connection must be in auto-commit mode.
  static void apply(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER NOT NULL PRIMARY KEY, name"
              + " TEXT NOT NULL)");
    }
    var applied = newestApplied(connection);
    if (applied > FILES.size()) {
      throw new StoreException(
          "the state file is of form %d, this program knows up to %d: start a newer version"
              .formatted(applied, FILES.size()));
    }
    for (var number = applied + 1; number <= FILES.size(); number++) {
      applyOne(connection, number, FILES.get(number - 1));
    }
  }

  private static int newestApplied(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COALESCE(MAX(number), 0) FROM schema_version")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static void applyOne(Connection connection, int number, String name) throws SQLException {
    var _ =
        Transaction.run(
            connection,
            () -> {
              for (var sql : statements(name)) {
                try (var statement = connection.createStatement()) {
                  statement.execute(sql);
                }
              }
              try (var note =
                  connection.prepareStatement(
                      "INSERT INTO schema_version (number, name) VALUES (?, ?)")) {
                note.setInt(1, number);
                note.setString(2, name);
                return note.executeUpdate();
              }
            });
  }

  private static List<String> statements(String name) {
    try (var stream = Migrations.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the program lacks its file " + name);
      }
      var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split(";", -1))
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
