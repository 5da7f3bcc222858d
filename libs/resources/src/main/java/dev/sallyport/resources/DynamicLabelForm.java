package dev.sallyport.resources;

import dev.sallyport.model.Durations;
import dev.sallyport.model.DynamicLabel;
import dev.sallyport.resources.document.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The written form of labels that commands give: a map by name in resources, a list in the config
/// file.
public final class DynamicLabelForm {
  private static final String FIELD = "dynamic_labels";

  private DynamicLabelForm() {}

  /// The map of a resource, with the last values.
  static Map<String, DynamicLabel> read(Fields spec) {
    var labels = new LinkedHashMap<String, DynamicLabel>();
    spec.objectMap(FIELD)
        .forEach((name, fields) ->
            label(fields, fields.text("result")).ifPresent(label -> labels.put(name, label)));
    return labels;
  }

  /// The list of the config file.
  public static Map<String, DynamicLabel> readList(Fields fields) {
    var labels = new LinkedHashMap<String, DynamicLabel>();
    for (var entry : fields.objects(FIELD)) {
      var name = entry.requiredText("name");
      var label = label(entry, Optional.empty());
      if (!name.isEmpty() && labels.containsKey(name)) {
        entry.fault("name", "comes twice");
      }
      label.ifPresent(one -> labels.put(name, one));
    }
    return labels;
  }

  private static Optional<DynamicLabel> label(Fields fields, Optional<String> value) {
    var before = fields.faults().count();
    var command = fields.texts("command");
    var period = fields.duration("period").orElse(DynamicLabel.USUAL_PERIOD);
    fields.finish();
    return fields.faults().make(before, fields, () -> new DynamicLabel(command, period, value));
  }

  static Map<String, Object> write(Map<String, DynamicLabel> labels) {
    var map = new LinkedHashMap<String, Object>();
    new TreeMap<>(labels)
        .forEach((name, label) -> {
          var entry = new LinkedHashMap<String, Object>();
          entry.put("command", label.command());
          entry.put("period", Durations.format(label.period()));
          label.value().ifPresent(value -> entry.put("result", value));
          map.put(name, entry);
        });
    return map;
  }
}
