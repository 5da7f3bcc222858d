package dev.sallyport.audit.store.sqlite;

import dev.sallyport.audit.store.ChainHead;
import dev.sallyport.audit.store.Dropped;
import dev.sallyport.audit.store.Retention;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;

/// Drops at the old end, in the order of arrival, so that what is left of each chain is whole.
final class Dropper {
  private static final int PAGES_GIVEN_BACK = 2000;

  private Dropper() {}

  /// In the caller's transaction.
  static Dropped drop(
      Connection connection, Retention retention, Instant now, int most, Collection<String> readers)
      throws SQLException {
    var last = lastToDrop(connection, retention, now, most, readers);
    if (last == 0) {
      return Dropped.NOTHING;
    }
    var unread = new HashMap<String, Long>();
    for (var reader : readers) {
      var lost = Reader.skip(connection, reader, last);
      if (lost > 0) {
        unread.put(reader, lost);
      }
    }
    for (var index : List.of("event_table", "event_key")) {
      Sql.run(
          connection,
          "DELETE FROM %s WHERE event IN (SELECT id FROM event WHERE record <= ?)".formatted(index),
          last);
    }
    Sql.run(connection, "DELETE FROM event WHERE record <= ?", last);
    var edges = edges(connection, last);
    var records = Sql.run(connection, "DELETE FROM record WHERE id <= ?", last);
    for (var edge : edges) {
      Sql.run(
          connection,
          "UPDATE chain SET first = ?, anchor = ? WHERE name = ?",
          edge.first(),
          edge.anchor(),
          edge.chain());
      Sql.run(
          connection,
          "DELETE FROM checkpoint WHERE chain = (SELECT id FROM chain WHERE name = ?) AND sequence"
              + " < ? AND sequence < (SELECT last FROM chain WHERE name = ?)",
          edge.chain(),
          edge.first() - 1,
          edge.chain());
    }
    return new Dropped(records, edges, unread);
  }

  /// Gives freed pages back to the file system, after the commit.
  static void giveBack(Connection connection) throws SQLException {
    Sql.plain(connection, "PRAGMA incremental_vacuum(" + PAGES_GIVEN_BACK + ")");
  }

  static long bytes(Connection connection) throws SQLException {
    var pages = Sql.number(connection, "PRAGMA page_count");
    var free = Sql.number(connection, "PRAGMA freelist_count");
    return (pages - free) * Sql.number(connection, "PRAGMA page_size");
  }

  private static long lastToDrop(
      Connection connection, Retention retention, Instant now, int most, Collection<String> readers)
      throws SQLException {
    var readByAll = Long.MAX_VALUE;
    for (var reader : readers) {
      readByAll = Math.min(readByAll, Reader.bookmark(connection, reader).position());
    }
    var cutoff = now.minus(retention.age()).toEpochMilli();
    var tooOld =
        Sql.number(
            connection,
            "SELECT COALESCE(MAX(id), 0) FROM (SELECT id, came_millis FROM record ORDER BY id"
                + " LIMIT ?) WHERE came_millis < ? AND id <= ?",
            most,
            cutoff,
            readByAll);
    if (tooOld > 0 || bytes(connection) <= retention.bytes()) {
      return tooOld;
    }
    return Sql.number(
        connection,
        "SELECT COALESCE(MAX(id), 0) FROM (SELECT id FROM record ORDER BY id LIMIT ?)",
        most);
  }

  private static List<ChainHead> edges(Connection connection, long last) throws SQLException {
    var edges = new ArrayList<ChainHead>();
    var newest =
        Sql.rows(
            connection,
            row -> new long[] {row.getLong(1), row.getLong(2)},
            "SELECT chain, MAX(sequence) FROM record WHERE id <= ? GROUP BY chain",
            last);
    for (var row : newest) {
      edges.addAll(
          Sql.rows(
              connection,
              found ->
                  new ChainHead(
                      found.getString(1),
                      row[1] + 1,
                      found.getString(2),
                      found.getLong(3),
                      found.getString(4)),
              "SELECT c.name, r.hash, c.last, c.head FROM chain c JOIN record r ON r.chain = c.id"
                  + " WHERE c.id = ? AND r.sequence = ?",
              row[0],
              row[1]));
    }
    return edges;
  }
}
