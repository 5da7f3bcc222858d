package dev.sallyport.model;

import java.util.List;
import java.util.Map;

/// The labels that a role asks for: every key must match, by one of its values. How they match is
/// policy's business.
public record LabelSelector(Map<String, List<String>> values) {
  /// Chooses nothing.
  public static final LabelSelector NONE = new LabelSelector(Map.of());

  /// Chooses everything, also what has no labels.
  public static final LabelSelector ALL = new LabelSelector(Map.of("*", List.of("*")));

  public LabelSelector {
    values = Frozen.lists(values);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }
}
