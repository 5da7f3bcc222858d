package dev.sallyport.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All that a watcher learns of a user.
///
/// @param since when the user was made, which tells them from another one of the same name
public record UserRoles(String name, List<String> roles, Optional<Instant> since) {
  /// Copies the lists.
  public UserRoles {
    roles = List.copyOf(roles);
  }
}
