package dev.sallyport.resources;

import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.Metadata;
import dev.sallyport.resources.document.Fields;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The written form of a lock's `spec`. A lock ends when its resource does, so `spec.expires` and
/// `metadata.expires` are the same thing.
final class LockForm {
  private LockForm() {}

  static Optional<Lock> read(Metadata metadata, Fields spec) {
    var before = spec.faults().count();
    var target = target(spec.object("target"));
    var message = spec.text("message").filter(text -> !text.isEmpty());
    var expires = spec.instant("expires");
    var createdAt = spec.instant("created_at");
    var createdBy = spec.text("created_by").filter(text -> !text.isEmpty());
    if (expires.isPresent()
        && metadata.expires().isPresent()
        && !expires.equals(metadata.expires())) {
      spec.fault("expires", "is another time than metadata.expires; a lock has one end");
    }
    spec.finish();
    var ending = expires.isPresent() ? metadata.withExpires(expires) : metadata;
    return target.flatMap(known ->
        spec.faults()
            .make(before, spec, () -> new Lock(ending, known, message, createdAt, createdBy)));
  }

  private static Optional<LockTarget> target(Fields fields) {
    var before = fields.faults().count();
    var parts = new EnumMap<LockPart, String>(LockPart.class);
    for (var part : LockPart.values()) {
      fields
          .text(part.wireName())
          .filter(value -> !value.isEmpty())
          .ifPresent(value -> parts.put(part, value));
    }
    for (var part : parts.keySet()) {
      if (!part.effective()) {
        fields.warn(part.wireName(), "nothing here can be hit by it, so the lock hits nobody");
      }
    }
    fields.finish();
    return fields.faults().make(before, fields, () -> new LockTarget(parts));
  }

  static Map<String, Object> write(Lock lock) {
    var spec = new LinkedHashMap<String, Object>();
    var target = new LinkedHashMap<String, Object>();
    lock.target().parts().forEach((part, value) -> target.put(part.wireName(), value));
    spec.put("target", target);
    lock.message().ifPresent(text -> spec.put("message", text));
    lock.metadata().expires().ifPresent(time -> spec.put("expires", time.toString()));
    lock.createdAt().ifPresent(time -> spec.put("created_at", time.toString()));
    lock.createdBy().ifPresent(name -> spec.put("created_by", name));
    return spec;
  }
}
