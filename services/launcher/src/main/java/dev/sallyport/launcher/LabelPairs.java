package dev.sallyport.launcher;

import dev.sallyport.model.Quoted;
import java.util.LinkedHashMap;
import java.util.Map;

/// Labels as flags have them: `env=prod,team=db`.
final class LabelPairs {
  private LabelPairs() {}

  /// @param flag for the message
  static Map<String, String> parse(String flag, String text) throws StartFailure {
    var labels = new LinkedHashMap<String, String>();
    for (var pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new StartFailure(
            "%s: %s (expected: key=value,key=value)".formatted(flag, Quoted.of(text)));
      }
      if (labels.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip())
          != null) {
        throw new StartFailure(
            "%s: the key %s comes twice".formatted(flag, Quoted.of(pair.substring(0, equals))));
      }
    }
    return labels;
  }
}
