package dev.sallyport.control;

import java.util.List;

/// All chains of the audit store.
public record AuditChainList(List<AuditChain> chains) {
  /// Copies the list.
  public AuditChainList {
    chains = List.copyOf(chains);
  }
}
