package dev.sallyport.audit;

/// Keeps a record of each request that may leave for AWS: the intent before, the outcome after.
/// This is the seam for a journal that survives a crash in between.
public interface RequestJournal {

  /// To be called before the request leaves. When it throws, the request must not leave.
  ///
  /// @param intent what is about to be sent, with outcome `INTENDED`
  RequestEntry begin(DatabaseEvent.DynamoDbRequest intent) throws AuditUnavailable;

  /// One request under way.
  interface RequestEntry {

    /// To be called exactly once, however the request ended. Never throws: the request is done and
    /// its record is the journal's trouble from here on.
    ///
    /// @param outcome the same request with what became of it
    void complete(DatabaseEvent.DynamoDbRequest outcome);
  }
}
