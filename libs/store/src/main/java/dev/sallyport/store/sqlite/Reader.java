package dev.sallyport.store.sqlite;

import dev.sallyport.store.Change;
import dev.sallyport.store.FeedPage;
import dev.sallyport.store.Item;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The reading statements, on a connection that the caller owns for the call.
final class Reader {
  /// Sorts behind every key that may follow a prefix; keys can't hold it.
  private static final String BEHIND_ALL = Character.toString(Character.MAX_CODE_POINT);

  private static final String NOT_EXPIRED = "(expires_millis IS NULL OR expires_millis > ?)";

  private Reader() {}

  static Optional<Item> get(Connection connection, String key, Instant now) throws SQLException {
    try (var query =
        connection.prepareStatement(
            "SELECT key, value, revision, expires_millis FROM item WHERE key = ? AND "
                + NOT_EXPIRED)) {
      query.setString(1, key);
      query.setLong(2, now.toEpochMilli());
      try (var rows = query.executeQuery()) {
        return rows.next() ? Optional.of(item(rows)) : Optional.empty();
      }
    }
  }

  static List<Item> range(
      Connection connection, String prefix, String after, int limit, Instant now)
      throws SQLException {
    try (var query =
        connection.prepareStatement(
            "SELECT key, value, revision, expires_millis FROM item"
                + " WHERE key >= ? AND key < ? AND key > ? AND "
                + NOT_EXPIRED
                + " ORDER BY key LIMIT ?")) {
      query.setString(1, prefix);
      query.setString(2, prefix + BEHIND_ALL);
      query.setString(3, after);
      query.setLong(4, now.toEpochMilli());
      query.setInt(5, limit);
      try (var rows = query.executeQuery()) {
        var items = new ArrayList<Item>();
        while (rows.next()) {
          items.add(item(rows));
        }
        return List.copyOf(items);
      }
    }
  }

  static long revision(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement("SELECT revision FROM head WHERE id = 1");
        var rows = query.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  static FeedPage changes(
      Connection connection, long since, List<String> prefixes, int limit, Instant now)
      throws SQLException {
    var changes = new ArrayList<Change>();
    var upTo = since;
    try (var query =
        connection.prepareStatement(
            """
            SELECT c.revision, c.key, c.deleted, i.value, i.revision, i.expires_millis
            FROM change c LEFT JOIN item i ON i.key = c.key
            WHERE c.revision > ? ORDER BY c.revision LIMIT ?
            """)) {
      query.setLong(1, since);
      query.setInt(2, limit);
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          upTo = rows.getLong(1);
          change(rows, prefixes, now).ifPresent(changes::add);
        }
      }
    }
    // Asked after reading: the oldest kept revision only grows, so a hole can't be overlooked.
    return reachesBackTo(connection, since)
        ? new FeedPage.Changes(changes, upTo)
        : new FeedPage.Gap();
  }

  private static boolean reachesBackTo(Connection connection, long since) throws SQLException {
    try (var query =
            connection.prepareStatement(
                "SELECT COALESCE((SELECT MIN(revision) FROM change), head.revision + 1),"
                    + " head.revision FROM head WHERE id = 1");
        var rows = query.executeQuery()) {
      rows.next();
      return since + 1 >= rows.getLong(1) && since <= rows.getLong(2);
    }
  }

  /// The row's change, unless a later one of the same key has overtaken it.
  private static Optional<Change> change(ResultSet rows, List<String> prefixes, Instant now)
      throws SQLException {
    var revision = rows.getLong(1);
    var key = rows.getString(2);
    if (prefixes.stream().noneMatch(key::startsWith)) {
      return Optional.empty();
    }
    var deleted = rows.getInt(3) != 0;
    var value = rows.getString(4);
    if (deleted) {
      return value == null
          ? Optional.of(new Change(revision, key, Optional.empty()))
          : Optional.empty();
    }
    if (value == null || rows.getLong(5) != revision) {
      return Optional.empty();
    }
    var expires = instant(rows, 6);
    if (expires.isPresent() && !expires.get().isAfter(now)) {
      // Whoever still holds the value before must let go of it.
      return Optional.of(new Change(revision, key, Optional.empty()));
    }
    return Optional.of(
        new Change(revision, key, Optional.of(new Item(key, value, revision, expires))));
  }

  private static Item item(ResultSet rows) throws SQLException {
    return new Item(rows.getString(1), rows.getString(2), rows.getLong(3), instant(rows, 4));
  }

  private static Optional<Instant> instant(ResultSet rows, int column) throws SQLException {
    var millis = rows.getLong(column);
    return rows.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
