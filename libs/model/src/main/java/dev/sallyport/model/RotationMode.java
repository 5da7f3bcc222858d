package dev.sallyport.model;

import java.util.Arrays;
import java.util.Optional;

/// Who takes the steps of a change of keys.
public enum RotationMode {
  /// An administrator.
  MANUAL("manual"),
  /// The Auth Service, by a schedule.
  AUTO("auto");

  private final String wireName;

  RotationMode(String wireName) {
    this.wireName = wireName;
  }

  /// The spelling in documents.
  public String wireName() {
    return wireName;
  }

  /// The mode of that exact spelling.
  public static Optional<RotationMode> parse(String text) {
    return Arrays.stream(values()).filter(mode -> mode.wireName.equals(text)).findFirst();
  }
}
