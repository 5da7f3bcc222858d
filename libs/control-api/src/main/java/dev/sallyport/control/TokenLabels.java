package dev.sallyport.control;

import dev.sallyport.model.JoinMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a host joins with a token, and the labels by which it is to choose databases.
///
/// @param method of the token
/// @param labels none means that the token suggests none
public record TokenLabels(JoinMethod method, Map<String, List<String>> labels) {
  /// Copies the map.
  public TokenLabels {
    var copy = new LinkedHashMap<String, List<String>>();
    labels.forEach((key, values) -> copy.put(key, List.copyOf(values)));
    labels = Map.copyOf(copy);
  }
}
