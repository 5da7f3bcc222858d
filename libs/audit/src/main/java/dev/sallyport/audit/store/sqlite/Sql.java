package dev.sallyport.audit.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Statements with their values beside them, never inside.
final class Sql {
  private Sql() {}

  /// What a row becomes.
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /// Work on a connection.
  interface Work<T> {
    T run() throws SQLException;
  }

  /// Runs a statement that changes something.
  ///
  /// @return how many rows it changed
  static int run(Connection connection, String sql, Object... values) throws SQLException {
    try (var statement = prepared(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  /// Runs a statement to its end, whatever rows it gives.
  static void plain(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /// All rows of a query.
  static <T> List<T> rows(Connection connection, Row<T> row, String sql, Object... values)
      throws SQLException {
    try (var statement = prepared(connection, sql, values);
        var found = statement.executeQuery()) {
      var rows = new ArrayList<T>();
      while (found.next()) {
        rows.add(row.of(found));
      }
      return rows;
    }
  }

  /// The number in the one row of a query; 0 when there is none.
  static long number(Connection connection, String sql, Object... values) throws SQLException {
    try (var statement = prepared(connection, sql, values);
        var found = statement.executeQuery()) {
      return found.next() ? found.getLong(1) : 0;
    }
  }

  /// All or nothing.
  static <T> T transaction(Connection connection, Work<T> work) throws SQLException {
    T result;
    try {
      connection.setAutoCommit(false);
      result = work.run();
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      undo(connection, e);
      throw e;
    }
    connection.setAutoCommit(true);
    return result;
  }

  /// Back to where each statement commits by itself, whatever failed. When it was the beginning,
  /// nothing is open, and the driver all the same takes what follows for a part of it.
  private static void undo(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
    try {
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private static PreparedStatement prepared(Connection connection, String sql, Object... values)
      throws SQLException {
    var statement = connection.prepareStatement(sql);
    try {
      for (var i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
