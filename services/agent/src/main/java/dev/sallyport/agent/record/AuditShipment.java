package dev.sallyport.agent.record;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Takes events to Auth. Blocks.
@FunctionalInterface
public interface AuditShipment {
  /// Sends a batch; when this returns, Auth has every event of it. Sending an event twice does no
  /// harm.
  ///
  /// @throws Exception if Auth did not take it; it will be sent again
  void send(List<JsonNode> events) throws Exception;
}
