package dev.sallyport.audit.journal;

import org.jspecify.annotations.Nullable;

/// A record on its way into a file.
final class Staged {

  final byte[] record;

  /// The intent that it is, or that it completes; 0 for neither.
  final long intent;

  final boolean isIntent;

  /// For an outcome, the intent that it completes, when that was written by this process.
  final @Nullable Staged completes;

  /// Where the intent was written; set and read by the writer alone.
  @Nullable Segment segment;

  private Staged(byte[] record, long intent, boolean isIntent, @Nullable Staged completes) {
    this.record = record;
    this.intent = intent;
    this.isIntent = isIntent;
    this.completes = completes;
  }

  static Staged intent(long number, byte[] record) {
    return new Staged(record, number, true, null);
  }

  static Staged record(byte[] record) {
    return new Staged(record, 0, false, null);
  }

  static Staged outcome(Staged intent, byte[] record) {
    return new Staged(record, intent.intent, false, intent);
  }

  /// The outcome of an intent that an earlier process wrote.
  static Staged outcome(long intent, byte[] record) {
    return new Staged(record, intent, false, null);
  }
}
