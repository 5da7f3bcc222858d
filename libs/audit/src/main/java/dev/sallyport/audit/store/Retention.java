package dev.sallyport.audit.store;

import java.time.Duration;

/// How long events are kept.
///
/// @param age older ones go
/// @param bytes when the store is larger, the oldest go
public record Retention(Duration age, long bytes) {
  /// A year, and 20 GB.
  public static final Retention USUAL = new Retention(Duration.ofDays(365), 20L << 30);

  /// Refuses what would keep nothing.
  public Retention {
    if (!age.isPositive() || bytes < 1) {
      throw new IllegalArgumentException("retention: " + age + ", " + bytes + " bytes");
    }
  }
}
