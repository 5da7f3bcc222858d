package dev.sallyport.control;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How the audit store is.
///
/// @param position how many records ever came
/// @param bytes what it takes on disk
/// @param chains how many chains it has
/// @param keptFor how long records are kept
/// @param keptBytes beyond how many bytes the oldest are dropped
/// @param setAside how many records are kept that are no events which their sender may report
/// @param exports where records are copied to
public record AuditState(
    long position,
    long bytes,
    int chains,
    Duration keptFor,
    long keptBytes,
    long setAside,
    List<Export> exports) {
  /// Copies the list.
  public AuditState {
    exports = List.copyOf(exports);
  }

  /// One place to which records are copied.
  ///
  /// @param name which kind of place
  /// @param target where
  /// @param position of the last record that is there
  /// @param lag how many records are not
  /// @param behind how long the oldest of them waits
  /// @param lost how many were dropped before they were there, since the store was full
  /// @param error why it does not go on, if so
  public record Export(
      String name,
      String target,
      long position,
      long lag,
      Duration behind,
      long lost,
      Optional<String> error) {}
}
