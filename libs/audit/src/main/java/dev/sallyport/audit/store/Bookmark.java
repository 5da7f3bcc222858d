package dev.sallyport.audit.store;

/// How far a reader of all records has come.
///
/// @param position of the last record that it has; 0 when it has none
/// @param lost how many records retention dropped before it had them
public record Bookmark(long position, long lost) {
  /// Of a reader that never told.
  public static final Bookmark NONE = new Bookmark(0, 0);
}
