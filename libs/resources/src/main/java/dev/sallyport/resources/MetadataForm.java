package dev.sallyport.resources;

import dev.sallyport.model.Metadata;
import dev.sallyport.resources.document.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The written form of `metadata`.
final class MetadataForm {
  private MetadataForm() {}

  /// @param usual the name that may be left out
  static Optional<Metadata> read(Fields fields, Optional<String> usual) {
    var before = fields.faults().count();
    fields.ignore("namespace", "id");
    var name = usual.isPresent() && !fields.has("name") ? usual.get() : fields.requiredText("name");
    var description = fields.text("description");
    var labels = fields.textMap("labels");
    var expires = fields.instant("expires");
    var revision = fields.text("revision");
    fields.finish();
    return fields
        .faults()
        .make(before, fields, () -> new Metadata(name, description, labels, expires, revision));
  }

  static Map<String, Object> write(Metadata metadata) {
    var map = new LinkedHashMap<String, Object>();
    map.put("name", metadata.name());
    metadata.description().ifPresent(text -> map.put("description", text));
    if (!metadata.labels().isEmpty()) {
      map.put("labels", metadata.labels());
    }
    metadata.expires().ifPresent(time -> map.put("expires", time.toString()));
    metadata.revision().ifPresent(text -> map.put("revision", text));
    return map;
  }
}
