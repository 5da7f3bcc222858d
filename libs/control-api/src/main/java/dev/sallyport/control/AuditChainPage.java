package dev.sallyport.control;

import dev.sallyport.audit.chain.Checkpoint;
import java.util.List;

/// A run of a chain, and what was signed about it from the first of these records on.
public record AuditChainPage(List<AuditRecord> records, List<Checkpoint> checkpoints) {
  /// Copies the lists.
  public AuditChainPage {
    records = List.copyOf(records);
    checkpoints = List.copyOf(checkpoints);
  }
}
