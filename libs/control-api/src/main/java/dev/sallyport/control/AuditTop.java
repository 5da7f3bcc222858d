package dev.sallyport.control;

import java.util.List;

/// Counts, the largest first.
public record AuditTop(List<AuditCount> counts) {
  /// Copies the list.
  public AuditTop {
    counts = List.copyOf(counts);
  }
}
