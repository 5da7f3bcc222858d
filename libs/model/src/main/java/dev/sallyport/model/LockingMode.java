package dev.sallyport.model;

import java.util.Arrays;
import java.util.Optional;

/// What a part of the cluster does when its view of the locks is stale.
public enum LockingMode {
  /// It goes on for a while with the locks that it knows.
  BEST_EFFORT("best_effort"),
  /// It refuses.
  STRICT("strict");

  private final String wireName;

  LockingMode(String wireName) {
    this.wireName = wireName;
  }

  /// The spelling in documents.
  public String wireName() {
    return wireName;
  }

  public static Optional<LockingMode> parse(String text) {
    return Arrays.stream(values()).filter(mode -> mode.wireName.equals(text)).findFirst();
  }
}
