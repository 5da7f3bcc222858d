package dev.sallyport.console;

/// Ends a command with a message for the person at the terminal and status 1.
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// With what is wrong and what to do.
  public CommandFailure(String message) {
    super(message);
  }

  /// With what is wrong and what found it.
  public CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
