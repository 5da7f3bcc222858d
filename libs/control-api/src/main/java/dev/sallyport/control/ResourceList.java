package dev.sallyport.control;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A page of resources in their JSON form, as `ResourceJson` reads and writes it.
///
/// @param next what to ask for as `page` to go on; absent on the last page
public record ResourceList(List<JsonNode> resources, Optional<String> next) {
  /// Copies the lists.
  public ResourceList {
    resources = List.copyOf(resources);
  }
}
