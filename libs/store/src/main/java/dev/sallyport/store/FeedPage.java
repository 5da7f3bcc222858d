package dev.sallyport.store;

import java.util.List;

/// What [StateStore#changes] found.
public sealed interface FeedPage {
  /// Changes in commit order.
  ///
  /// @param upTo the revision from which to go on; it also passes what the prefixes left out
  record Changes(List<Change> changes, long upTo) implements FeedPage {
    /// Copies.
    public Changes {
      changes = List.copyOf(changes);
    }
  }

  /// The feed no longer reaches back that far (or the revision is from another store): read
  /// everything anew and go on from a revision taken before that reading.
  record Gap() implements FeedPage {}
}
