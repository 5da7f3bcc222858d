package dev.sallyport.audit.journal;

/// How a journal is doing.
///
/// @param sequence the last record
/// @param delivered the last record of the present chain that Auth has
/// @param bytes of its files
/// @param queued bytes that wait to be written
/// @param lost records that are lost and were not told yet
/// @param writable whether the last try to write worked
public record JournalStats(
    long sequence, long delivered, long bytes, long queued, long lost, boolean writable) {

  /// Records that wait for Auth.
  public long waiting() {
    return Math.max(0, sequence - delivered);
  }
}
