package dev.sallyport.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// Who made a user, and when.
///
/// @param connector the sign-in service that vouched for the user; absent for local ones
public record CreatedBy(String user, Instant time, Optional<Connector> connector) {
  public CreatedBy {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(connector, "connector");
  }

  /// A sign-in service, and whom it knows the user as.
  public record Connector(String type, String id, String identity) {
    public Connector {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(identity, "identity");
    }
  }
}
