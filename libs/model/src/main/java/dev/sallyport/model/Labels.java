package dev.sallyport.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What is known of a thing by which roles may choose it, such as `env: dev`.
///
/// @param dynamic the keys whose values a command on some host gave, so that whoever has that host
///   has these labels too
public record Labels(Map<String, String> values, Set<String> dynamic) {
  public static final Labels NONE = new Labels(Map.of());

  public Labels {
    values = Frozen.map(values);
    dynamic = Set.copyOf(dynamic);
    if (!values.keySet().containsAll(dynamic)) {
      throw new IllegalArgumentException("a dynamic label has no value");
    }
  }

  /// Labels that somebody wrote down.
  public Labels(Map<String, String> values) {
    this(values, Set.of());
  }

  /// Those that somebody wrote down.
  public Labels withoutDynamic() {
    if (dynamic.isEmpty()) {
      return this;
    }
    var rest = new LinkedHashMap<>(values);
    rest.keySet().removeAll(dynamic);
    return new Labels(rest);
  }
}
