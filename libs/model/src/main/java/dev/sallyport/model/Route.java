package dev.sallyport.model;

import java.util.Optional;

/// What a database certificate is good for: one database, as one database user, in one session.
public record Route(
    String database, String protocol, String dbUser, Optional<String> dbName, String sessionId) {
  /// Refuses empty parts.
  public Route {
    if (database.isBlank() || protocol.isBlank() || dbUser.isBlank() || sessionId.isBlank()) {
      throw new IllegalArgumentException(
          "a route needs a database, a protocol, a database user and a session id");
    }
  }
}
