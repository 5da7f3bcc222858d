package dev.sallyport.store;

/// What became of a commit.
public sealed interface CommitResult {
  /// Every write is durable. The revision is that of the last write; the writes of one commit have
  /// consecutive revisions in their order. A commit that changed nothing gives the revision it saw.
  record Committed(long revision) implements CommitResult {}

  /// Nothing was written, since the condition on this key did not hold.
  record Conflict(String key, Condition expected) implements CommitResult {}
}
