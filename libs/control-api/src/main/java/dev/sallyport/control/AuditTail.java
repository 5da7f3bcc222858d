package dev.sallyport.control;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Events that came after a position, in the order in which they came.
///
/// @param position what to give as `after` for what comes then
public record AuditTail(List<JsonNode> events, long position) {
  /// Copies the list.
  public AuditTail {
    events = List.copyOf(events);
  }
}
