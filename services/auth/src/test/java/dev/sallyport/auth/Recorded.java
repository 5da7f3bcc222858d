package dev.sallyport.auth;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

/// What is in an audit store, also after its Auth Service ended.
final class Recorded {
  private Recorded() {}

  /// Every record, one a line, in the order in which they came.
  static String in(Path folder) {
    var text = new StringBuilder();
    var url = "jdbc:sqlite:" + folder.resolve("auth").resolve("audit.db");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT body FROM record ORDER BY id")) {
      while (rows.next()) {
        text.append(rows.getString(1)).append('\n');
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }
}
