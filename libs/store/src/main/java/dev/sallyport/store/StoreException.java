package dev.sallyport.store;

/// The store can't do its work: disk, file, lock, or a value outside the limits. Nothing was
/// written by the call that throws it.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message what was wanted and what to do about it; never holds a value
  public StoreException(String message) {
    super(message);
  }

  /// @param message what was wanted and what to do about it; never holds a value
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
