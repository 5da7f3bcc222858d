package dev.sallyport.tctl;

import dev.sallyport.control.ControlJson;
import dev.sallyport.model.Resource;
import dev.sallyport.resources.ResourceJson;
import dev.sallyport.resources.ResourceYaml;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/// How results are printed.
enum OutputFormat {
  TEXT,
  JSON,
  YAML;

  private static final PrettyPrinter PRETTY =
      new DefaultPrettyPrinter(
          Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER));

  static OutputFormat parse(String text) {
    for (OutputFormat format : values()) {
      if (format.name().equals(text.toUpperCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new CommandFailed("unsupported format \"" + text + "\" (expected: text, json or yaml)");
  }

  /// Any value of the API as indented JSON.
  static String json(Object value) {
    return ControlJson.MAPPER.writer().with(PRETTY).writeValueAsString(value);
  }

  /// Resources as an array, also when there is one.
  static String json(List<? extends Resource> resources) {
    return json(resources.stream().map(ResourceJson::toJson).toList());
  }

  static String yaml(List<? extends Resource> resources) {
    return ResourceYaml.print(resources);
  }
}
