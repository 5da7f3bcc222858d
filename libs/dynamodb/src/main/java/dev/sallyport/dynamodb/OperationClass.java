package dev.sallyport.dynamodb;

/// What an operation can do at worst. A new operation has no class, and so is not known, until
/// someone gave it one.
public enum OperationClass {
  /// Tells of tables, not of items.
  METADATA,
  /// Returns items.
  READ,
  /// Changes items. May return them, too.
  WRITE,
  /// Runs PartiQL: reads or writes, as its text says.
  STATEMENT,
  /// Creates, changes or deletes resources.
  MANAGE,
  /// Moves data or power to where the access rules of this database do not reach, or deletes it
  /// slowly: copies, exports, replicas, streams, policies, time to live.
  SENSITIVE
}
