package dev.sallyport.control;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks for a new user, who sets a password by an invitation.
///
/// @param inviteTtl how long the invitation lasts; absent means one hour
public record CreateUserRequest(
    String name,
    List<String> roles,
    Map<String, List<String>> traits,
    Optional<Duration> inviteTtl) {
  /// Copies the collections.
  public CreateUserRequest {
    roles = List.copyOf(roles);
    traits = Map.copyOf(traits);
  }
}
