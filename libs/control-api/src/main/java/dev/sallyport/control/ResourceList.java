package dev.sallyport.control;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Resources in their JSON form, as `ResourceJson` reads and writes it.
public record ResourceList(List<JsonNode> resources) {
  /// Copies the lists.
  public ResourceList {
    resources = List.copyOf(resources);
  }
}
