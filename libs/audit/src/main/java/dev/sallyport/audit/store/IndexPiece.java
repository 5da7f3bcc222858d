package dev.sallyport.audit.store;

import java.util.List;

/// What a comparison of the index with the records found, for a run of positions.
///
/// @param last position up to which it came; that of the newest record at the end
/// @param mismatches what is wrong there
public record IndexPiece(long last, List<Mismatch> mismatches) {
  /// Copies the list.
  public IndexPiece {
    mismatches = List.copyOf(mismatches);
  }

  /// A record that a search does not show as it is.
  ///
  /// @param message what is wrong, for people; holds no content of a record
  public record Mismatch(String chain, long sequence, String message) {}
}
