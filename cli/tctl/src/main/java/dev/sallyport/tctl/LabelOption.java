package dev.sallyport.tctl;

import java.util.LinkedHashMap;
import java.util.Map;

/// Labels on the command line: `env=dev,team=blue`.
final class LabelOption {
  private LabelOption() {}

  static Map<String, String> parse(String option, String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (text.isBlank()) {
      return labels;
    }
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new CommandFailed(
            "%s: \"%s\" (expected: key=value, several with commas)".formatted(option, part));
      }
      labels.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
    }
    return labels;
  }
}
