package dev.sallyport.audit.store.sqlite;

import dev.sallyport.audit.store.Bookmark;
import dev.sallyport.audit.store.ChainEntry;
import dev.sallyport.audit.store.Stored;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Reading everything in the order of arrival, and how far each reader has come.
final class Reader {
  private Reader() {}

  static List<Stored> after(Connection connection, long position, int limit, long characters)
      throws SQLException {
    var records = new ArrayList<Stored>();
    var room = characters;
    try (var statement =
        connection.prepareStatement(
            "SELECT r.id, r.came_millis, c.name, r.sequence, r.previous, r.hash, r.body,"
                + " r.set_aside FROM record r JOIN chain c ON c.id = r.chain WHERE r.id > ? ORDER"
                + " BY r.id LIMIT ?")) {
      statement.setLong(1, position);
      statement.setInt(2, limit);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var record = stored(rows);
          room -= record.entry().body().length();
          if (room < 0 && !records.isEmpty()) {
            break;
          }
          records.add(record);
        }
      }
    }
    return records;
  }

  private static Stored stored(ResultSet row) throws SQLException {
    var entry =
        new ChainEntry(row.getLong(4), row.getString(5), row.getString(6), row.getString(7));
    return new Stored(
        row.getLong(1),
        Instant.ofEpochMilli(row.getLong(2)),
        row.getString(3),
        entry,
        row.getInt(8) == 1);
  }

  static Bookmark bookmark(Connection connection, String reader) throws SQLException {
    var found =
        Sql.rows(
            connection,
            row -> new Bookmark(row.getLong(1), row.getLong(2)),
            "SELECT position, lost FROM bookmark WHERE reader = ?",
            reader);
    return found.isEmpty() ? Bookmark.NONE : found.getFirst();
  }

  static void bookmark(Connection connection, String reader, long position) throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO bookmark (reader, position) VALUES (?, ?) ON CONFLICT (reader) DO UPDATE SET"
            + " position = MAX(position, excluded.position)",
        reader,
        position);
  }

  /// Records up to a position go. Notes what a reader had not read of them, and lets it go on
  /// behind them.
  ///
  /// @return how many it had not read
  static long skip(Connection connection, String reader, long last) throws SQLException {
    var unread =
        Sql.number(
            connection,
            "SELECT COUNT(*) FROM record WHERE id > ? AND id <= ?",
            bookmark(connection, reader).position(),
            last);
    if (unread > 0) {
      bookmark(connection, reader, last);
      Sql.run(connection, "UPDATE bookmark SET lost = lost + ? WHERE reader = ?", unread, reader);
    }
    return unread;
  }
}
