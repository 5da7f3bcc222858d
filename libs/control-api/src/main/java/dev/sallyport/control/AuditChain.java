package dev.sallyport.control;

import java.util.Optional;

/// A chain of audit records and what of it is to be checked.
///
/// @param name the agent and the epoch
/// @param first sequence of the first record to check; one more than `last` when there is none
/// @param anchor the chain's hash before it; absent when it must be taken from that record
/// @param last sequence of the last record to check
/// @param witness what Auth noted about the chain outside of the audit store; absent when nothing
public record AuditChain(
    String name, long first, Optional<String> anchor, long last, Optional<Witness> witness) {

  /// What was noted in the cluster's state.
  ///
  /// @param first sequence of the first record that retention left
  /// @param sequence how far the chain was known to be
  /// @param hash the chain's hash there
  /// @param signed up to which record there was a signature
  public record Witness(long first, long sequence, String hash, long signed) {}
}
