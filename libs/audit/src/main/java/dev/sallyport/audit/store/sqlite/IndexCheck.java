package dev.sallyport.audit.store.sqlite;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.store.EventFacets;
import dev.sallyport.audit.store.IndexPiece;
import dev.sallyport.audit.store.IndexPiece.Mismatch;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compares what searches go by with the records themselves, in both directions: every record that
/// is an event is found as what it is, and what is found is what its record says. Records that were
/// set aside need a record of Auth that says so.
final class IndexCheck {
  private final Connection connection;
  private final List<Mismatch> found = new ArrayList<>();
  private @Nullable List<Aside> declared;

  /// A record as it is kept.
  private record Kept(long id, String chain, long sequence, String body, boolean setAside) {}

  /// Records that Auth said it set aside.
  private record Aside(String chain, long first, long last) {
    boolean covers(Kept record) {
      return chain.equals(record.chain())
          && first <= record.sequence()
          && record.sequence() <= last;
    }
  }

  private IndexCheck(Connection connection) {
    this.connection = connection;
  }

  /// @param after the position behind which it begins
  static IndexPiece check(Connection connection, long after, int most) throws SQLException {
    var records =
        Sql.rows(
            connection,
            IndexCheck::kept,
            "SELECT r.id, c.name, r.sequence, r.body, r.set_aside FROM record r JOIN chain c ON"
                + " c.id = r.chain WHERE r.id > ? ORDER BY r.id LIMIT ?",
            after,
            most);
    var last = records.isEmpty() ? Long.MAX_VALUE : records.getLast().id();
    var check = new IndexCheck(connection);
    for (var record : records) {
      check.record(record);
    }
    var rows =
        Sql.rows(
            connection,
            EventRows::row,
            EventRows.SELECT + "e.id > ? AND e.id <= ? ORDER BY e.id",
            after,
            last);
    for (var row : rows) {
      check.row(row);
    }
    return new IndexPiece(records.isEmpty() ? after : last, check.found);
  }

  private void record(Kept record) throws SQLException {
    if (record.setAside()) {
      if (declared().stream().noneMatch(aside -> aside.covers(record))) {
        wrong(record, "is kept out of searches, and no record of Auth says why");
      }
      return;
    }
    var facets = facets(record.body());
    if (facets.isEmpty()) {
      return;
    }
    var said = facets.get();
    for (var row : EventRows.of(connection, said.uid())) {
      if (row.isOf(record.chain(), said) && row.tells(said)) {
        return;
      }
    }
    wrong(record, "is not found by searches as what it is");
  }

  private void row(EventRows.Row row) throws SQLException {
    var records =
        Sql.rows(
            connection,
            IndexCheck::kept,
            "SELECT r.id, c.name, r.sequence, r.body, r.set_aside FROM record r JOIN chain c ON"
                + " c.id = r.chain WHERE r.id = ?",
            row.record());
    if (records.isEmpty()) {
      found.add(new Mismatch(row.chain(), 0, "a search may find an event that is not on record"));
      return;
    }
    var record = records.getFirst();
    var said = facets(record.body());
    if (record.setAside() || said.isEmpty()) {
      wrong(record, "is found by searches, and is no event that its sender may report");
    } else if (!row.isOf(record.chain(), said.get())
        || !EventRows.whole(connection, row).equals(EventRows.normal(said.get()))) {
      wrong(record, "is found by searches as something else");
    }
  }

  private void wrong(Kept record, String what) {
    found.add(
        new Mismatch(
            record.chain(), record.sequence(), "record " + record.sequence() + " " + what));
  }

  private static Optional<EventFacets> facets(String body) {
    try {
      return Optional.of(EventFacets.of(body));
    } catch (InvalidAuditEvent e) {
      return Optional.empty();
    }
  }

  private static Kept kept(ResultSet row) throws SQLException {
    return new Kept(
        row.getLong(1), row.getString(2), row.getLong(3), row.getString(4), row.getInt(5) != 0);
  }

  /// Asked for by few records, so read when the first one does.
  private List<Aside> declared() throws SQLException {
    var known = declared;
    if (known == null) {
      known = readDeclared();
      declared = known;
    }
    return known;
  }

  private List<Aside> readDeclared() throws SQLException {
    var all = new ArrayList<Aside>();
    var bodies =
        Sql.rows(
            connection,
            row -> row.getString(1),
            "SELECT r.body FROM event e JOIN record r ON r.id = e.record WHERE e.type ="
                + " 'audit.store'");
    for (var body : bodies) {
      try {
        var json = AuditJson.parse(body);
        if (json.path("state").asString("").equals("set_aside")) {
          all.add(
              new Aside(
                  json.path("chain").asString(""),
                  json.path("first").asLong(0),
                  json.path("last").asLong(0)));
        }
      } catch (InvalidAuditEvent e) {
        // It declares nothing.
      }
    }
    return all;
  }
}
