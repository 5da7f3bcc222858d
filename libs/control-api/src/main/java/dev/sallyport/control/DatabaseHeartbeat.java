package dev.sallyport.control;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The databases that a host serves, all of them, each as database resource JSON.
///
/// @param rotation the phase of the host authority's rotation that the host has followed
public record DatabaseHeartbeat(
    String hostname, String version, List<JsonNode> databases, Optional<String> rotation) {
  /// Copies the lists.
  public DatabaseHeartbeat {
    databases = List.copyOf(databases);
  }

  /// One of a host that does not tell of rotations.
  public DatabaseHeartbeat(String hostname, String version, List<JsonNode> databases) {
    this(hostname, version, databases, Optional.empty());
  }
}
