package dev.sallyport.audit.store;

/// What became of records that were handed over.
public sealed interface Appended {

  /// All are on disk.
  ///
  /// @param fresh how many were not there before
  /// @param last sequence of the newest record of the chain
  record Done(int fresh, long last) implements Appended {}

  /// None was taken: one does not continue what is kept.
  ///
  /// @param sequence the record
  /// @param reason why, for the log and the sender
  record Broken(long sequence, String reason) implements Appended {}
}
