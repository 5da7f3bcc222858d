package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Asks for a join token.
///
/// @param roles wire names of system roles
/// @param ttl how long it lasts; absent means half an hour
/// @param value the token itself; absent means a random one
/// @param databases names that the joining host may announce; `*` alone for any
public record CreateTokenRequest(
    List<String> roles, Optional<Duration> ttl, Optional<Secret> value, List<String> databases) {
  /// Copies the lists.
  public CreateTokenRequest {
    roles = List.copyOf(roles);
    databases = List.copyOf(databases);
  }
}
