package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks for a join token.
///
/// @param roles wire names of system roles
/// @param ttl how long it lasts; absent means half an hour
/// @param value the token itself; absent means a random one
/// @param databases names that the joining host may announce; `*` alone for any
/// @param labels of the token itself
public record CreateTokenRequest(
    List<String> roles,
    Optional<Duration> ttl,
    Optional<Secret> value,
    List<String> databases,
    Optional<Map<String, String>> labels) {
  /// Copies the collections.
  public CreateTokenRequest {
    roles = List.copyOf(roles);
    databases = List.copyOf(databases);
    labels = labels.map(Map::copyOf);
  }

  /// Of a token without labels.
  public CreateTokenRequest(
      List<String> roles, Optional<Duration> ttl, Optional<Secret> value, List<String> databases) {
    this(roles, ttl, value, databases, Optional.empty());
  }
}
