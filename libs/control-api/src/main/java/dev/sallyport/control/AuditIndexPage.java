package dev.sallyport.control;

import dev.sallyport.audit.store.IndexPiece;
import java.util.List;

/// What a comparison of the search index with the records found, for a run of positions.
///
/// @param last position up to which it came; the one asked for when there is nothing behind it
public record AuditIndexPage(long last, List<IndexPiece.Mismatch> mismatches) {
  /// Nothing to compare.
  public static final AuditIndexPage NOTHING = new AuditIndexPage(0, List.of());

  /// Copies the list.
  public AuditIndexPage {
    mismatches = List.copyOf(mismatches);
  }
}
