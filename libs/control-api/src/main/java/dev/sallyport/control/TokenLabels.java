package dev.sallyport.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The labels by which a host that joins with a token is to choose databases.
///
/// @param labels none means that the token suggests none
public record TokenLabels(Map<String, List<String>> labels) {
  /// Copies the map.
  public TokenLabels {
    var copy = new LinkedHashMap<String, List<String>>();
    labels.forEach((key, values) -> copy.put(key, List.copyOf(values)));
    labels = Map.copyOf(copy);
  }
}
