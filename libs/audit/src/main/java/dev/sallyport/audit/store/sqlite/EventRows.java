package dev.sallyport.audit.store.sqlite;

import dev.sallyport.audit.store.AuditStatus;
import dev.sallyport.audit.store.ChainNames;
import dev.sallyport.audit.store.EventFacets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// Rows of the index: one an event, whatever number of records tell of it. The intent and the
/// outcome of a request are one event, and so are two records of one event in two chains of an
/// agent that had to begin again.
final class EventRows {
  /// To be completed by a condition.
  static final String SELECT =
      "SELECT e.id, e.record, c.name, e.uid, e.time_millis, e.type, e.user_name, e.db, e.op,"
          + " e.session, e.status, e.http_status FROM event e JOIN chain c ON c.id = e.chain"
          + " WHERE ";

  private EventRows() {}

  /// One row; the facets without tables and hashes.
  record Row(long id, long record, String chain, EventFacets facets) {

    /// Of the same agent, and not another event under the same id.
    boolean isOf(String chainOfRecord, EventFacets said) {
      var agent = ChainNames.parse(chain).agent();
      return agent.equals(ChainNames.parse(chainOfRecord).agent())
          && facets.uid().equals(said.uid())
          && facets.time().toEpochMilli() == said.time().toEpochMilli()
          && facets.type().equals(said.type())
          && facets.user().equals(said.user())
          && facets.database().equals(said.database())
          && facets.operation().equals(said.operation())
          && facets.session().equals(said.session());
    }

    /// Whether it tells all that a record says of the outcome.
    boolean tells(EventFacets said) {
      return said.status() == AuditStatus.UNKNOWN
          || (facets.status() == said.status() && facets.httpStatus() == said.httpStatus());
    }
  }

  static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getLong(1),
        row.getLong(2),
        row.getString(3),
        new EventFacets(
            row.getString(4),
            Instant.ofEpochMilli(row.getLong(5)),
            row.getString(6),
            row.getString(7),
            row.getString(8),
            row.getString(9),
            row.getString(10),
            AuditStatus.parse(row.getString(11)).orElse(AuditStatus.UNKNOWN),
            row.getInt(12),
            List.of(),
            Set.of()));
  }

  static List<Row> of(Connection connection, String uid) throws SQLException {
    return Sql.rows(connection, EventRows::row, SELECT + "e.uid = ?", uid);
  }

  /// The facets with tables and hashes, in the form of [#normal].
  static EventFacets whole(Connection connection, Row row) throws SQLException {
    var time = row.facets().time().toEpochMilli();
    var tables =
        Sql.rows(
            connection,
            found -> found.getString(1),
            "SELECT name FROM event_table WHERE event = ? AND time_millis = ?",
            row.id(),
            time);
    var hashes =
        Sql.rows(
            connection,
            found -> HexFormat.of().formatHex(found.getBytes(1)),
            "SELECT hash FROM event_key WHERE event = ? AND time_millis = ?",
            row.id(),
            time);
    return normal(with(row.facets(), tables, new HashSet<>(hashes)));
  }

  /// In the order and with the accuracy of the index.
  static EventFacets normal(EventFacets facets) {
    return with(facets, facets.tables(), facets.keyHashes());
  }

  private static EventFacets with(EventFacets facets, List<String> tables, Set<String> hashes) {
    return new EventFacets(
        facets.uid(),
        Instant.ofEpochMilli(facets.time().toEpochMilli()),
        facets.type(),
        facets.user(),
        facets.database(),
        facets.operation(),
        facets.session(),
        facets.status(),
        facets.httpStatus(),
        tables.stream().sorted(Comparator.naturalOrder()).toList(),
        hashes);
  }
}
