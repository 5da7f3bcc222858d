package dev.sallyport.audit.store.sqlite;

import dev.sallyport.audit.store.AuditQuery;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.Found;
import dev.sallyport.audit.store.SessionSummary;
import dev.sallyport.audit.store.Tally;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The queries. Which index is used is said, not left to guessing: the one that usually leaves
/// fewest rows.
final class Searcher {
  private static final String COUNTS = "COUNT(*), SUM(status = 'denied'), SUM(status = 'failed')";

  private Searcher() {}

  static Found search(Connection connection, AuditQuery query) throws SQLException {
    var filter = query.what();
    var values = new ArrayList<Object>();
    var sql = new StringBuilder("SELECT e.id, e.time_millis, r.body FROM ");
    var byKey = !filter.keyHashes().isEmpty();
    var byTable = !byKey && filter.table().isPresent() && filter.session().isEmpty();
    if (byKey) {
      sql.append("event_key t CROSS JOIN event e ON e.id = t.event");
    } else if (byTable) {
      sql.append("event_table t CROSS JOIN event e ON e.id = t.event");
    } else {
      sql.append("event e INDEXED BY ").append(index(filter));
    }
    sql.append(" CROSS JOIN record r ON r.id = e.record WHERE ");
    var time = byKey || byTable ? "t.time_millis" : "e.time_millis";
    window(query, time, sql, values);
    if (byKey) {
      sql.append(" AND t.hash IN ").append(hashes(filter, values));
    }
    if (byTable) {
      sql.append(" AND t.name = ?");
      values.add(filter.table().orElseThrow());
    } else {
      table(filter, sql, values);
    }
    where(filter, sql, values);
    sql.append(" ORDER BY ").append(time).append(" DESC, e.id DESC LIMIT ?");
    values.add(query.limit() + 1);
    return page(connection, sql.toString(), values, query.limit());
  }

  private static void table(AuditQuery.Filter filter, StringBuilder sql, List<Object> values) {
    filter
        .table()
        .ifPresent(table -> {
          sql.append(
              " AND EXISTS (SELECT 1 FROM event_table n WHERE n.event = e.id AND n.name = ?)");
          values.add(table);
        });
  }

  private static String hashes(AuditQuery.Filter filter, List<Object> values) {
    filter.keyHashes().forEach(hash -> values.add(HexFormat.of().parseHex(hash)));
    return "(" + String.join(", ", Collections.nCopies(filter.keyHashes().size(), "?")) + ")";
  }

  private static void window(
      AuditQuery query, String time, StringBuilder sql, List<Object> values) {
    sql.append(time).append(" >= ? AND ").append(time).append(" < ?");
    values.add(query.from().toEpochMilli());
    values.add(query.to().toEpochMilli());
    query
        .before()
        .ifPresent(place -> {
          var last = place.time().toEpochMilli();
          sql.append(" AND ").append(time).append(" <= ?");
          sql.append(" AND (").append(time).append(" < ? OR e.id < ?)");
          values.addAll(List.of(last, last, place.id()));
        });
  }

  private static Found page(Connection connection, String sql, List<Object> values, int limit)
      throws SQLException {
    var hits =
        Sql.rows(
            connection,
            row ->
                new Found.Hit(
                    new AuditQuery.Place(Instant.ofEpochMilli(row.getLong(2)), row.getLong(1)),
                    row.getString(3)),
            sql,
            values.toArray());
    return new Found(hits.subList(0, Math.min(limit, hits.size())), hits.size() > limit);
  }

  /// Partial indexes serve only where their own condition is said too.
  private static String index(AuditQuery.Filter filter) {
    if (filter.session().isPresent()) {
      return "event_by_session";
    } else if (filter.user().isPresent()) {
      return "event_by_user";
    } else if (filter.status().filter(status -> !status.word().equals("ok")).isPresent()) {
      return "event_by_status";
    } else if (filter.operation().isPresent()) {
      return "event_by_op";
    } else if (filter.database().isPresent()) {
      return "event_by_db";
    }
    return filter.type().isPresent() ? "event_by_type" : "event_by_time";
  }

  private static void where(AuditQuery.Filter filter, StringBuilder sql, List<Object> values) {
    equal("e.session", "<> ''", filter.session(), sql, values);
    equal("e.user_name", "", filter.user(), sql, values);
    equal("e.op", "<> ''", filter.operation(), sql, values);
    equal("e.db", "<> ''", filter.database(), sql, values);
    equal("e.type", "", filter.type(), sql, values);
    var status = filter.status().map(found -> found.word());
    var partial = status.filter(word -> !word.equals("ok")).isPresent() ? "<> 'ok'" : "";
    equal("e.status", partial, status, sql, values);
    filter
        .httpStatus()
        .ifPresent(code -> {
          sql.append(" AND e.http_status = ?");
          values.add(code);
        });
  }

  private static void equal(
      String column,
      String partial,
      Optional<String> wanted,
      StringBuilder sql,
      List<Object> values) {
    wanted.ifPresent(value -> {
      sql.append(" AND ").append(column).append(" = ?");
      if (!partial.isEmpty()) {
        sql.append(" AND ").append(column).append(' ').append(partial);
      }
      values.add(value);
    });
  }

  static List<SessionSummary> sessions(
      Connection connection, Instant from, Instant to, AuditQuery.Filter filter, int limit)
      throws SQLException {
    var values = new ArrayList<Object>(List.of(from.toEpochMilli(), to.toEpochMilli()));
    var sql =
        new StringBuilder(
            "SELECT session, MAX(user_name), MAX(db), MIN(time_millis), MAX(time_millis),"
                + " SUM(op <> ''), SUM(status = 'denied') FROM (SELECT * FROM event e INDEXED BY ");
    sql.append(index(filter)).append(" WHERE e.time_millis >= ? AND e.time_millis < ?");
    where(filter, sql, values);
    table(filter, sql, values);
    if (!filter.keyHashes().isEmpty()) {
      sql.append(" AND EXISTS (SELECT 1 FROM event_key k WHERE k.event = e.id AND k.hash IN ");
      sql.append(hashes(filter, values)).append(')');
    }
    sql.append(" AND e.session <> '' ORDER BY e.time_millis DESC LIMIT ?)");
    // A sign-in has an id of the same kind, and no database.
    sql.append(" GROUP BY session HAVING MAX(db) <> '' OR SUM(op <> '') > 0");
    sql.append(" ORDER BY 5 DESC LIMIT ?");
    values.add(AuditStore.SUMMARY_ROWS_MAX);
    values.add(limit);
    return Sql.rows(
        connection,
        row ->
            new SessionSummary(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Instant.ofEpochMilli(row.getLong(4)),
                Instant.ofEpochMilli(row.getLong(5)),
                row.getLong(6),
                row.getLong(7)),
        sql.toString(),
        values.toArray());
  }

  static List<Tally> top(Connection connection, Tally.By by, Instant from, Instant to, int limit)
      throws SQLException {
    var window =
        "(SELECT * FROM event INDEXED BY event_by_time WHERE time_millis >= ? AND time_millis < ?"
            + " AND op <> '' ORDER BY time_millis DESC LIMIT ?)";
    var sql =
        switch (by) {
          case USER -> "SELECT user_name, " + COUNTS + " FROM " + window + " GROUP BY 1";
          case OP -> "SELECT op, " + COUNTS + " FROM " + window + " GROUP BY 1";
          case TABLE ->
              "SELECT t.name, "
                  + COUNTS
                  + " FROM "
                  + window
                  + " e CROSS JOIN event_table t ON t.event = e.id GROUP BY 1";
        };
    return Sql.rows(
        connection,
        row -> new Tally(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)),
        sql + " ORDER BY 2 DESC, 1 LIMIT ?",
        from.toEpochMilli(),
        to.toEpochMilli(),
        AuditStore.SUMMARY_ROWS_MAX,
        limit);
  }
}
