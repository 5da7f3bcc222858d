package dev.sallyport.control;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Events that were found, newest first.
///
/// @param events as recorded; of a request the last record
/// @param next what to give as `before` for the page after; absent on the last one
public record AuditPage(List<JsonNode> events, Optional<String> next) {
  /// Copies the list.
  public AuditPage {
    events = List.copyOf(events);
  }
}
