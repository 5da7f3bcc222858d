package dev.sallyport.control;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Audit events in their JSON form, each sent until it is acknowledged; an event that is known by
/// its id is taken once.
public record AuditBatch(List<JsonNode> events) {
  /// Copies the lists.
  public AuditBatch {
    events = List.copyOf(events);
  }
}
