package dev.sallyport.store.sqlite;

import java.sql.Connection;
import java.sql.SQLException;

/// Several statements as one.
final class Transaction {
  private Transaction() {}

  /// What is done in it.
  interface Work<T> {
    /// Does it. May roll back what it did, and return all the same.
    T run() throws SQLException;
  }

  /// All or nothing.
  static <T> T run(Connection connection, Work<T> work) throws SQLException {
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
}
