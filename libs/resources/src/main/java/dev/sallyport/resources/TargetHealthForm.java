package dev.sallyport.resources;

import dev.sallyport.model.Quoted;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.resources.document.Fields;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The written form of `status.target_health` of a database server.
final class TargetHealthForm {
  private TargetHealthForm() {}

  static Optional<TargetHealth> read(Fields fields) {
    var before = fields.faults().count();
    fields.ignore("protocol", "message");
    var address = fields.text("address").orElse("");
    var word = fields.text("status").orElse("");
    var reason = fields.text("transition_reason").flatMap(TargetHealth.Reason::parse);
    var since = fields.instant("transition_timestamp");
    var error = fields.text("transition_error").filter(text -> !text.isEmpty());
    fields.finish();
    var status = TargetHealth.Status.parse(word);
    if (status.isEmpty() && !word.isEmpty()) {
      fields.fault(
          "status", "%s (expected: healthy, unknown or unhealthy)".formatted(Quoted.of(word)));
    }
    return status.flatMap(known ->
        fields
            .faults()
            .make(
                before,
                fields,
                () ->
                    new TargetHealth(
                        address,
                        known,
                        reason.orElse(TargetHealth.Reason.INITIALIZED),
                        since.orElse(Instant.EPOCH),
                        error)));
  }

  static Map<String, Object> write(TargetHealth health) {
    var map = new LinkedHashMap<String, Object>();
    map.put("address", health.address());
    map.put("protocol", "TCP");
    map.put("status", health.status().word());
    map.put("transition_reason", health.reason().word());
    map.put("transition_timestamp", health.since().toString());
    health.error().ifPresent(text -> map.put("transition_error", text));
    map.put("message", health.message());
    return map;
  }
}
