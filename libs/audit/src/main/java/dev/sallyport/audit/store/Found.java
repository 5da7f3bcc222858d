package dev.sallyport.audit.store;

import java.util.List;

/// One page of a search, newest first.
///
/// @param hits what was found
/// @param more whether there is more after the last one
public record Found(List<Hit> hits, boolean more) {
  /// Copies the list.
  public Found {
    hits = List.copyOf(hits);
  }

  /// One event.
  ///
  /// @param place where the list goes on after it
  /// @param body exactly as recorded; of a request the last record
  public record Hit(AuditQuery.Place place, String body) {}

  /// The events without their places.
  public List<String> bodies() {
    return hits.stream().map(Hit::body).toList();
  }
}
