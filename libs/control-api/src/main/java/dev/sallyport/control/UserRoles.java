package dev.sallyport.control;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that a watcher learns of a user.
///
/// @param traits absent when the user has none, or none that is told
/// @param since when the user was made, which tells them from another one of the same name
public record UserRoles(
    String name,
    List<String> roles,
    Optional<Map<String, List<String>>> traits,
    Optional<Instant> since) {
  /// Copies the collections.
  public UserRoles {
    roles = List.copyOf(roles);
    traits = traits.map(Map::copyOf);
  }

  /// The traits, none if none is told: a trait of a certificate then counts for nothing.
  public Map<String, List<String>> knownTraits() {
    return traits.orElse(Map.of());
  }
}
