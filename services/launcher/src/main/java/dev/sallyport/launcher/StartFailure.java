package dev.sallyport.launcher;

/// The process can't start or go on; the message is for the operator and says what to do.
final class StartFailure extends Exception {
  private static final long serialVersionUID = 1L;

  StartFailure(String message) {
    super(message);
  }

  StartFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /// Its text, which is always there.
  String text() {
    return String.valueOf(getMessage());
  }
}
