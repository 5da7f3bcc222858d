package dev.sallyport.control;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The databases that a host serves, all of them, each as database resource JSON.
///
/// @param rotation the phase of the host authority's rotation that the host has followed
/// @param health of databases of which the host knows it
public record DatabaseHeartbeat(
    String hostname,
    String version,
    List<JsonNode> databases,
    Optional<String> rotation,
    Optional<List<HealthReport>> health) {
  /// Most databases of one host.
  public static final int DATABASES_MAX = 500;

  /// Copies the lists.
  public DatabaseHeartbeat {
    databases = List.copyOf(databases);
    health = health.map(List::copyOf);
  }

  /// One of a host that does not tell of rotations, nor of health.
  public DatabaseHeartbeat(String hostname, String version, List<JsonNode> databases) {
    this(hostname, version, databases, Optional.empty(), Optional.empty());
  }
}
