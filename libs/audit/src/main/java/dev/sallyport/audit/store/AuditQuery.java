package dev.sallyport.audit.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is looked for: events of a window of time that have all that is asked.
///
/// @param from from then on
/// @param to before then
/// @param what what else they must have
/// @param before only what stands after this place in the list, newest first: the end of the page
///   before
/// @param limit most events of the answer, 1 to [#LIMIT_MAX]
public record AuditQuery(Instant from, Instant to, Filter what, Optional<Place> before, int limit) {
  /// Most events of one page.
  public static final int LIMIT_MAX = 1000;

  /// Refuses a page of no or too many events.
  public AuditQuery {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException(
          "limit: %d (expected: 1 to %d)".formatted(limit, LIMIT_MAX));
    }
  }

  /// Equality with what is given; case matters.
  ///
  /// @param httpStatus of the answer to a request
  /// @param keyHashes one of them stands with a key attribute of the request; none: whatever stands
  public record Filter(
      Optional<String> user,
      Optional<String> database,
      Optional<String> table,
      Optional<String> operation,
      Optional<String> type,
      Optional<String> session,
      Optional<AuditStatus> status,
      Optional<Integer> httpStatus,
      List<String> keyHashes) {
    /// Copies the hashes.
    public Filter {
      keyHashes = List.copyOf(keyHashes);
    }

    /// Everything.
    public static final Filter ALL =
        new Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    /// Whether an event has it all.
    public boolean matches(EventFacets event) {
      return user.map(event.user()::equals).orElse(true)
          && database.map(event.database()::equals).orElse(true)
          && table.map(event.tables()::contains).orElse(true)
          && operation.map(event.operation()::equals).orElse(true)
          && type.map(event.type()::equals).orElse(true)
          && session.map(event.session()::equals).orElse(true)
          && status.map(event.status()::equals).orElse(true)
          && httpStatus.map(wanted -> wanted == event.httpStatus()).orElse(true)
          && (keyHashes.isEmpty() || keyHashes.stream().anyMatch(event.keyHashes()::contains));
    }

    /// The same for one session only.
    public Filter ofSession(String sid) {
      return new Filter(
          user, database, table, operation, type, Optional.of(sid), status, httpStatus, keyHashes);
    }
  }

  /// A place in the list of events by time.
  ///
  /// @param time the event's
  /// @param id the store's own number of the event
  public record Place(Instant time, long id) {}
}
