package dev.sallyport.resources;

import dev.sallyport.model.CaRotation;
import dev.sallyport.model.Durations;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.RotationMode;
import dev.sallyport.model.RotationPhase;
import dev.sallyport.resources.document.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The written form of a change of keys: `spec.rotation` of an authority, and what `tctl status
/// --format=json` shows.
public final class RotationForm {
  private RotationForm() {}

  static Optional<CaRotation> read(Fields fields) {
    var before = fields.faults().count();
    fields.ignore("state");
    var phase = phase(fields).orElse(RotationPhase.STANDBY);
    var mode = fields.text("mode").flatMap(RotationMode::parse);
    var id = fields.text("current_id");
    var started = fields.instant("started");
    var grace = fields.duration("grace_period");
    var last = fields.instant("last_rotated");
    var schedule = schedule(fields.object("schedule"));
    fields.finish();
    return fields
        .faults()
        .make(
            before,
            fields,
            () ->
                new CaRotation(
                    phase,
                    id.map(known ->
                        new CaRotation.Current(
                            known,
                            mode.orElseThrow(() -> lacking("mode")),
                            started.orElseThrow(() -> lacking("started")),
                            grace,
                            schedule)),
                    last));
  }

  static Optional<RotationPhase> phase(Fields fields) {
    var text = fields.text("phase");
    var phase = text.flatMap(RotationPhase::parse);
    if (text.isPresent() && phase.isEmpty()) {
      fields.fault("phase", Quoted.of(text.get()) + " is not a phase of a rotation");
    }
    return phase;
  }

  private static Optional<CaRotation.Schedule> schedule(Fields fields) {
    var clients = fields.instant("update_clients");
    var servers = fields.instant("update_servers");
    var standby = fields.instant("standby");
    fields.finish();
    return clients.flatMap(
        c -> servers.flatMap(s -> standby.map(end -> new CaRotation.Schedule(c, s, end))));
  }

  private static IllegalArgumentException lacking(String field) {
    return new IllegalArgumentException("rotation: " + field + " is missing");
  }

  /// The fields in the order in which people read them.
  public static Map<String, Object> write(CaRotation rotation) {
    var map = new LinkedHashMap<String, Object>();
    map.put("state", rotation.state());
    map.put("phase", rotation.phase().wireName());
    rotation
        .current()
        .ifPresent(current -> {
          map.put("mode", current.mode().wireName());
          map.put("current_id", current.id());
          map.put("started", current.started().toString());
          current.gracePeriod().ifPresent(time -> map.put("grace_period", Durations.format(time)));
          current.schedule().ifPresent(schedule -> map.put("schedule", write(schedule)));
        });
    rotation.lastRotated().ifPresent(time -> map.put("last_rotated", time.toString()));
    return map;
  }

  private static Map<String, Object> write(CaRotation.Schedule schedule) {
    var map = new LinkedHashMap<String, Object>();
    map.put("update_clients", schedule.updateClients().toString());
    map.put("update_servers", schedule.updateServers().toString());
    map.put("standby", schedule.standby().toString());
    return map;
  }
}
