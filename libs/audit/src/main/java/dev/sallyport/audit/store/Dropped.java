package dev.sallyport.audit.store;

import java.util.List;
import java.util.Map;

/// What was dropped at the old end, by retention.
///
/// @param records how many, over all chains
/// @param edges the chains that were shortened, as they are now
/// @param unread how many of them a reader had not read, for each reader that lost some
public record Dropped(long records, List<ChainHead> edges, Map<String, Long> unread) {
  /// Nothing.
  public static final Dropped NOTHING = new Dropped(0, List.of(), Map.of());

  /// Copies.
  public Dropped {
    edges = List.copyOf(edges);
    unread = Map.copyOf(unread);
  }
}
