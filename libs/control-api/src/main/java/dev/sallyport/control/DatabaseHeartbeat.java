package dev.sallyport.control;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// The databases that a host serves, all of them, each as database resource JSON.
public record DatabaseHeartbeat(String hostname, String version, List<JsonNode> databases) {
  /// Copies the lists.
  public DatabaseHeartbeat {
    databases = List.copyOf(databases);
  }
}
