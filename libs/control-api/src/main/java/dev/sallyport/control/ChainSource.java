package dev.sallyport.control;

import java.time.Instant;
import java.util.Optional;

/// Where chains of audit records are read from: Auth, or a folder that was exported.
public interface ChainSource {
  /// All chains; with a window, what of them came in it.
  AuditChainList chains(Optional<Instant> from, Optional<Instant> to);

  /// A run of a chain from a sequence on, as much as fits one answer.
  AuditChainPage chain(String name, long from);

  /// What Auth finds wrong with the index of searches after a position. An export has none.
  default AuditIndexPage index(long after) {
    return AuditIndexPage.NOTHING;
  }
}
