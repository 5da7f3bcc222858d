package dev.sallyport.model;

import java.util.Map;

/// What is known of a thing by which roles may choose it, such as `env: dev`.
public record Labels(Map<String, String> values) {
  public static final Labels NONE = new Labels(Map.of());

  public Labels {
    values = Frozen.map(values);
  }
}
