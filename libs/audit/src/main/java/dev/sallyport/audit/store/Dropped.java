package dev.sallyport.audit.store;

import java.util.List;

/// What was dropped at the old end, by retention.
///
/// @param records how many, over all chains
/// @param edges the chains that were shortened, as they are now
public record Dropped(long records, List<ChainHead> edges) {
  /// Nothing.
  public static final Dropped NOTHING = new Dropped(0, List.of());

  /// Copies the list.
  public Dropped {
    edges = List.copyOf(edges);
  }
}
