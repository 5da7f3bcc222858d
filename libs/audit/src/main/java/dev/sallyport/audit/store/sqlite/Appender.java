package dev.sallyport.audit.store.sqlite;

import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.store.Appended;
import dev.sallyport.audit.store.AuditStatus;
import dev.sallyport.audit.store.ChainEntry;
import dev.sallyport.audit.store.ChainHead;
import dev.sallyport.audit.store.EventFacets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Adds records, on the one connection that writes; the caller holds the writer's lock and the
/// transaction.
final class Appender implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement record;
  private final PreparedStatement event;
  private final PreparedStatement known;
  private final PreparedStatement outcome;
  private final PreparedStatement table;
  private final PreparedStatement key;
  private long position;

  Appender(Connection connection) throws SQLException {
    this.connection = connection;
    this.record =
        connection.prepareStatement(
            "INSERT INTO record (chain, sequence, previous, hash, came_millis, body, set_aside)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id");
    this.event =
        connection.prepareStatement(
            "INSERT INTO event (id, record, chain, uid, time_millis, type, user_name, db, op,"
                + " session, status, http_status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.known = connection.prepareStatement(EventRows.SELECT + "e.uid = ?");
    this.outcome =
        connection.prepareStatement(
            "UPDATE event SET record = ?, status = ?, http_status = ? WHERE id = ?");
    this.table =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO event_table (name, time_millis, event) VALUES (?, ?, ?)");
    this.key =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO event_key (hash, time_millis, event) VALUES (?, ?, ?)");
  }

  Appended append(ChainId chain, List<ChainEntry> entries, Instant now, Set<Long> setAside)
      throws SQLException {
    var head = Chains.head(connection, chain.toString()).orElseGet(() -> ChainHead.empty(chain));
    var id = Chains.id(connection, head);
    var fresh = 0;
    for (var entry : entries) {
      if (entry.sequence() <= head.last()) {
        var fault = compare(id, head, entry);
        if (fault.isPresent()) {
          return new Appended.Broken(entry.sequence(), fault.get());
        }
        continue;
      }
      var continues = entry.sequence() == head.last() + 1;
      if (continues && !entry.previous().equals(head.head())) {
        return new Appended.Broken(
            entry.sequence(), "it does not continue record " + head.last() + " as it is kept");
      }
      insert(id, chain.toString(), entry, now, setAside.contains(entry.sequence()));
      fresh++;
      head =
          new ChainHead(head.chain(), head.first(), head.anchor(), entry.sequence(), entry.hash());
    }
    if (fresh > 0) {
      Chains.advance(connection, id, head);
    }
    return new Appended.Done(fresh, head.last());
  }

  /// Of the record that was added last.
  long position() {
    return position;
  }

  /// What was sent before must be the same; what retention dropped can't be compared any more.
  private Optional<String> compare(long chain, ChainHead head, ChainEntry entry)
      throws SQLException {
    if (entry.sequence() < head.first()) {
      return Optional.empty();
    }
    var kept =
        Sql.rows(
            connection,
            row -> row.getString(1),
            "SELECT hash FROM record WHERE chain = ? AND sequence = ?",
            chain,
            entry.sequence());
    if (kept.isEmpty()) {
      return Optional.of("it comes after later records, and was not there before");
    }
    return kept.getFirst().equals(entry.hash())
        ? Optional.empty()
        : Optional.of("another record is kept in its place");
  }

  private void insert(long chain, String name, ChainEntry entry, Instant now, boolean setAside)
      throws SQLException {
    record.setLong(1, chain);
    record.setLong(2, entry.sequence());
    record.setString(3, entry.previous());
    record.setString(4, entry.hash());
    record.setLong(5, now.toEpochMilli());
    record.setString(6, entry.body());
    record.setInt(7, setAside ? 1 : 0);
    try (var made = record.executeQuery()) {
      made.next();
      position = made.getLong(1);
    }
    if (setAside) {
      return;
    }
    try {
      index(chain, name, EventFacets.of(entry.body()));
    } catch (InvalidAuditEvent e) {
      // Kept all the same: a chain may hold records that are no events, and no search finds them.
    }
  }

  /// What tells more of the same event takes its row; what tells another thing under the same id
  /// gets a row of its own, so that no record hides one.
  private void index(long chain, String name, EventFacets facets) throws SQLException {
    for (var row : rows(facets.uid())) {
      if (!row.isOf(name, facets)) {
        continue;
      }
      if (row.facets().status() == AuditStatus.UNKNOWN) {
        outcome.setLong(1, position);
        outcome.setString(2, facets.status().word());
        outcome.setInt(3, facets.httpStatus());
        outcome.setLong(4, row.id());
        outcome.executeUpdate();
        return;
      }
      if (row.tells(facets)) {
        return;
      }
    }
    event.setLong(1, position);
    event.setLong(2, position);
    event.setLong(3, chain);
    event.setString(4, facets.uid());
    event.setLong(5, facets.time().toEpochMilli());
    event.setString(6, facets.type());
    event.setString(7, facets.user());
    event.setString(8, facets.database());
    event.setString(9, facets.operation());
    event.setString(10, facets.session());
    event.setString(11, facets.status().word());
    event.setInt(12, facets.httpStatus());
    event.executeUpdate();
    for (var one : facets.tables()) {
      table.setString(1, one);
      table.setLong(2, facets.time().toEpochMilli());
      table.setLong(3, position);
      table.executeUpdate();
    }
    for (var hash : facets.keyHashes()) {
      key.setBytes(1, HexFormat.of().parseHex(hash));
      key.setLong(2, facets.time().toEpochMilli());
      key.setLong(3, position);
      key.executeUpdate();
    }
  }

  private List<EventRows.Row> rows(String uid) throws SQLException {
    known.setString(1, uid);
    var rows = new ArrayList<EventRows.Row>();
    try (var found = known.executeQuery()) {
      while (found.next()) {
        rows.add(EventRows.row(found));
      }
    }
    return rows;
  }

  @Override
  public void close() throws SQLException {
    for (var statement : List.of(record, event, known, outcome, table, key)) {
      statement.close();
    }
  }
}
