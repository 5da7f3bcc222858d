package dev.sallyport.audit.store.sqlite;

import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.ChainEntry;
import dev.sallyport.audit.store.ChainHead;
import dev.sallyport.audit.store.KeptCheckpoint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The rows of chains.
final class Chains {
  private static final String COLUMNS = "SELECT name, first, anchor, last, head FROM chain";

  private Chains() {}

  static Optional<ChainHead> head(Connection connection, String name) throws SQLException {
    return Sql.rows(connection, Chains::head, COLUMNS + " WHERE name = ?", name).stream()
        .findFirst();
  }

  static List<ChainHead> all(Connection connection) throws SQLException {
    return Sql.rows(connection, Chains::head, COLUMNS + " ORDER BY name");
  }

  /// The number of a chain, which is made when it is new.
  static long id(Connection connection, ChainHead head) throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO chain (name, first, anchor, last, head) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (name) DO NOTHING",
        head.chain(),
        head.first(),
        head.anchor(),
        head.last(),
        head.head());
    return Sql.number(connection, "SELECT id FROM chain WHERE name = ?", head.chain());
  }

  static void advance(Connection connection, long id, ChainHead head) throws SQLException {
    Sql.run(
        connection,
        "UPDATE chain SET last = ?, head = ? WHERE id = ?",
        head.last(),
        head.head(),
        id);
  }

  static List<ChainEntry> entries(Connection connection, String chain, long from, int limit)
      throws SQLException {
    return Sql.rows(
        connection,
        row -> new ChainEntry(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)),
        "SELECT sequence, previous, hash, body FROM record WHERE chain = (SELECT id FROM chain"
            + " WHERE name = ?) AND sequence >= ? ORDER BY sequence LIMIT ?",
        chain,
        from,
        limit);
  }

  static void checkpoint(Connection connection, KeptCheckpoint checkpoint) throws SQLException {
    Sql.run(
        connection,
        "INSERT OR IGNORE INTO checkpoint (chain, sequence, body) SELECT id, ?, ? FROM chain WHERE"
            + " name = ?",
        checkpoint.sequence(),
        checkpoint.body(),
        checkpoint.chain());
  }

  static List<KeptCheckpoint> checkpoints(Connection connection, String chain, long from, int limit)
      throws SQLException {
    return Sql.rows(
        connection,
        row -> new KeptCheckpoint(chain, row.getLong(1), row.getString(2)),
        "SELECT sequence, body FROM checkpoint WHERE chain = (SELECT id FROM chain WHERE name = ?)"
            + " AND sequence >= ? ORDER BY sequence LIMIT ?",
        chain,
        from,
        limit);
  }

  static Optional<AuditStore.Span> span(
      Connection connection, String chain, Instant from, Instant to) throws SQLException {
    var head = head(connection, chain).filter(found -> found.first() <= found.last());
    if (head.isEmpty()) {
      return Optional.empty();
    }
    var id = Sql.number(connection, "SELECT id FROM chain WHERE name = ?", chain);
    var record = "FROM record WHERE chain = ? AND came_millis ";
    var first =
        Sql.number(
            connection,
            "SELECT sequence " + record + "< ? ORDER BY came_millis DESC, sequence DESC LIMIT 1",
            id,
            from.toEpochMilli());
    var last =
        Sql.number(
            connection,
            "SELECT sequence " + record + ">= ? ORDER BY came_millis, sequence LIMIT 1",
            id,
            to.toEpochMilli());
    // A clock that was set back makes the edges alone too narrow.
    var inside =
        Sql.rows(
                connection,
                row -> new AuditStore.Span(row.getLong(1), row.getLong(2)),
                "SELECT COALESCE(MIN(sequence), ?), COALESCE(MAX(sequence), 0) "
                    + record
                    + ">= ? AND came_millis < ?",
                Long.MAX_VALUE,
                id,
                from.toEpochMilli(),
                to.toEpochMilli())
            .getFirst();
    return Optional.of(
        new AuditStore.Span(
            first == 0 ? head.get().first() : Math.min(first, inside.first()),
            last == 0 ? head.get().last() : Math.max(last, inside.last())));
  }

  private static ChainHead head(ResultSet row) throws SQLException {
    return new ChainHead(
        row.getString(1), row.getLong(2), row.getString(3), row.getLong(4), row.getString(5));
  }
}
