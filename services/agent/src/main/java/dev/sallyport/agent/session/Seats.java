package dev.sallyport.agent.session;

import dev.sallyport.model.Quoted;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Who takes up how much of the agent: connections of each user and to each database, and requests
/// in flight. For any thread; nothing waits.
public final class Seats {
  private final ConnectionLimits limits;
  private final Map<String, Integer> ofUser = new HashMap<>();
  private final Map<String, Integer> ofDatabase = new HashMap<>();
  private final AtomicInteger requests = new AtomicInteger();

  /// All are free.
  public Seats(ConnectionLimits limits) {
    this.limits = limits;
  }

  ConnectionLimits limits() {
    return limits;
  }

  /// Takes one for a connection.
  ///
  /// @return why there is none; empty when it was taken, and then [#leave] gives it back
  synchronized Optional<String> sit(String user, String database) {
    if (ofUser.getOrDefault(user, 0) >= limits.ofUser()) {
      return Optional.of(
          "user %s has %d connections to this Database Service, and may have no more"
              .formatted(Quoted.of(user), limits.ofUser()));
    }
    if (ofDatabase.getOrDefault(database, 0) >= limits.ofDatabase()) {
      return Optional.of(
          "database %s has %d connections at this Database Service, and may have no more"
              .formatted(Quoted.of(database), limits.ofDatabase()));
    }
    ofUser.merge(user, 1, Integer::sum);
    ofDatabase.merge(database, 1, Integer::sum);
    return Optional.empty();
  }

  /// A connection that had one is over.
  synchronized void leave(String user, String database) {
    ofUser.computeIfPresent(user, (_, count) -> count == 1 ? null : count - 1);
    ofDatabase.computeIfPresent(database, (_, count) -> count == 1 ? null : count - 1);
  }

  /// Takes one for a request, if there is one; [#over] gives it back.
  boolean begin() {
    if (requests.incrementAndGet() <= limits.requests()) {
      return true;
    }
    requests.decrementAndGet();
    return false;
  }

  /// A request that had one is over.
  void over() {
    requests.decrementAndGet();
  }
}
