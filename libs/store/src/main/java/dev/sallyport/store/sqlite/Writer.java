package dev.sallyport.store.sqlite;

import dev.sallyport.store.CommitResult;
import dev.sallyport.store.CommitResult.Committed;
import dev.sallyport.store.CommitResult.Conflict;
import dev.sallyport.store.Condition;
import dev.sallyport.store.Item;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The writing statements, on the one connection that writes. The caller holds the writer's lock;
/// each call is one transaction.
final class Writer {
  /// The feed is trimmed each time the revision passes a multiple of this.
  private static final int TRIM_EVERY = 256;

  private final Connection connection;

  Writer(Connection connection) {
    this.connection = connection;
  }

  CommitResult commit(List<Write> writes, Instant now) throws SQLException {
    return Transaction.run(
        connection,
        () -> {
          var result = write(writes, now);
          if (result instanceof Conflict) {
            connection.rollback();
          }
          return result;
        });
  }

  /// Deletes what has expired, oldest first.
  CommitResult deleteExpired(int limit, Instant now, List<String> deleted) throws SQLException {
    var keys = new ArrayList<String>();
    var result =
        Transaction.run(
            connection,
            () -> {
              keys.addAll(expired(limit, now));
              var revision = Reader.revision(connection);
              for (var key : keys) {
                revision = delete(key, revision);
              }
              finish(Reader.revision(connection), revision);
              return new Committed(revision);
            });
    deleted.addAll(keys);
    return result;
  }

  private CommitResult write(List<Write> writes, Instant now) throws SQLException {
    for (var write : writes) {
      if (!holds(write.condition(), Reader.get(connection, write.key(), now))) {
        return new Conflict(write.key(), write.condition());
      }
    }
    var before = Reader.revision(connection);
    var revision = before;
    for (var write : writes) {
      revision =
          switch (write) {
            case Write.Put put -> put(put, revision);
            case Write.Delete delete -> delete(delete.key(), revision);
            case Write.Check _ -> revision;
          };
    }
    finish(before, revision);
    return new Committed(revision);
  }

  private static boolean holds(Condition condition, Optional<Item> there) {
    return switch (condition) {
      case Condition.Always _ -> true;
      case Condition.Absent _ -> there.isEmpty();
      case Condition.Present _ -> there.isPresent();
      case Condition.AtRevision(long revision) ->
          there.isPresent() && there.get().revision() == revision;
    };
  }

  private long put(Write.Put put, long revision) throws SQLException {
    var next = revision + 1;
    try (var statement =
        connection.prepareStatement(
            """
            INSERT INTO item (key, value, revision, expires_millis) VALUES (?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value,
              revision = excluded.revision, expires_millis = excluded.expires_millis
            """)) {
      statement.setString(1, put.key());
      statement.setString(2, put.value());
      statement.setLong(3, next);
      if (put.expires().isPresent()) {
        statement.setLong(4, put.expires().get().toEpochMilli());
      } else {
        statement.setNull(4, java.sql.Types.BIGINT);
      }
      statement.executeUpdate();
    }
    note(next, put.key(), false);
    return next;
  }

  private long delete(String key, long revision) throws SQLException {
    try (var statement = connection.prepareStatement("DELETE FROM item WHERE key = ?")) {
      statement.setString(1, key);
      if (statement.executeUpdate() == 0) {
        return revision;
      }
    }
    note(revision + 1, key, true);
    return revision + 1;
  }

  private void note(long revision, String key, boolean deleted) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "INSERT INTO change (revision, key, deleted) VALUES (?, ?, ?)")) {
      statement.setLong(1, revision);
      statement.setString(2, key);
      statement.setInt(3, deleted ? 1 : 0);
      statement.executeUpdate();
    }
  }

  private void finish(long before, long revision) throws SQLException {
    if (revision == before) {
      return;
    }
    try (var statement = connection.prepareStatement("UPDATE head SET revision = ? WHERE id = 1")) {
      statement.setLong(1, revision);
      statement.executeUpdate();
    }
    if (before / TRIM_EVERY != revision / TRIM_EVERY) {
      try (var statement = connection.prepareStatement("DELETE FROM change WHERE revision <= ?")) {
        statement.setLong(1, revision - StateStore.CHANGES_KEPT);
        statement.executeUpdate();
      }
    }
  }

  private List<String> expired(int limit, Instant now) throws SQLException {
    try (var query =
        connection.prepareStatement(
            "SELECT key FROM item WHERE expires_millis <= ? ORDER BY expires_millis LIMIT ?")) {
      query.setLong(1, now.toEpochMilli());
      query.setInt(2, limit);
      try (var rows = query.executeQuery()) {
        var keys = new ArrayList<String>();
        while (rows.next()) {
          keys.add(rows.getString(1));
        }
        return keys;
      }
    }
  }
}
