package dev.sallyport.model;

import java.util.Objects;
import java.util.Optional;

/// Endpoints of the services beside DynamoDB itself; without them these go where the database's
/// `uri` tells.
public record ServiceUris(Optional<String> streams, Optional<String> dax) {
  public static final ServiceUris NONE = new ServiceUris(Optional.empty(), Optional.empty());

  public ServiceUris {
    Objects.requireNonNull(streams, "streams");
    Objects.requireNonNull(dax, "dax");
  }
}
