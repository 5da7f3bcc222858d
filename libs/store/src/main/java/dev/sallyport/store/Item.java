package dev.sallyport.store;

import java.time.Instant;
import java.util.Optional;

/// What the store holds under one key.
///
/// The value may hold secrets, so it is left out of [#toString()].
///
/// @param revision the revision of the commit that wrote it; unique over the whole store, and what
///   [Condition.AtRevision] compares
/// @param expires when the item stops existing; empty = never
public record Item(String key, String value, long revision, Optional<Instant> expires) {
  @Override
  public String toString() {
    return "Item[key=" + key + ", revision=" + revision + ", expires=" + expires + "]";
  }
}
