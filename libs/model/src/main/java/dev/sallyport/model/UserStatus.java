package dev.sallyport.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// Whether a user may sign in.
public record UserStatus(
    boolean locked,
    Optional<Instant> lockExpires,
    Optional<String> lockedMessage,
    Optional<Instant> lockedTime) {
  public static final UserStatus OPEN =
      new UserStatus(false, Optional.empty(), Optional.empty(), Optional.empty());

  public UserStatus {
    Objects.requireNonNull(lockExpires, "lockExpires");
    Objects.requireNonNull(lockedMessage, "lockedMessage");
    Objects.requireNonNull(lockedTime, "lockedTime");
  }
}
