package dev.sallyport.model;

import java.util.Objects;
import java.util.Optional;

/// What a database certificate is good for: one database, as one database user, in one session.
///
/// @param mfaDevice id of the device with which the holder proved a second factor for this very
///   session; the device of the sign-in stands in [UserIdentity]
public record Route(
    String database,
    String protocol,
    String dbUser,
    Optional<String> dbName,
    String sessionId,
    Optional<String> mfaDevice) {
  /// Refuses empty parts.
  public Route {
    if (database.isBlank() || protocol.isBlank() || dbUser.isBlank() || sessionId.isBlank()) {
      throw new IllegalArgumentException(
          "a route needs a database, a protocol, a database user and a session id");
    }
    Objects.requireNonNull(mfaDevice, "mfaDevice");
  }

  /// Without a second factor of its own.
  public Route(
      String database, String protocol, String dbUser, Optional<String> dbName, String sessionId) {
    this(database, protocol, dbUser, dbName, sessionId, Optional.empty());
  }
}
