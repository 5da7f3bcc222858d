package dev.sallyport.audit;

import java.util.List;

/// Keeps a record of each request that may leave for AWS: the intent before, the outcome after.
/// What has an intent gets an outcome, also when the process dies in between. Safe for any thread.
public interface RequestJournal {

  /// To be called before the request leaves, which it may when [Begun#recorded] was called. Does
  /// not wait.
  ///
  /// @param intent what is about to be sent, with outcome `INTENDED`
  /// @param begun is told once, by this thread or another
  void begin(DatabaseEvent.DynamoDbRequest intent, Begun begun);

  /// Writes intents at once, by the calling thread, if nothing stands in the way: for an event
  /// loop, which is spared two hand-overs. Otherwise nothing is done, and [#begin] is the way for
  /// each.
  ///
  /// @param intents as for [#begin]; at least one
  /// @return the entries of the intents in their order, all on record; empty if nothing was written
  default List<RequestEntry> beginAtOnce(List<DatabaseEvent.DynamoDbRequest> intents) {
    return List.of();
  }

  /// Told what became of an intent.
  interface Begun {

    /// It is on record; the request may leave.
    void recorded(RequestEntry entry);

    /// It is not; the request must not leave.
    void refused(AuditUnavailable cause);
  }

  /// One request under way.
  interface RequestEntry {

    /// To be called exactly once, however the request ended. Never throws, and does not wait: the
    /// request is done and its record is the journal's trouble from here on.
    ///
    /// @param outcome the same request with what became of it
    void complete(DatabaseEvent.DynamoDbRequest outcome);
  }
}
