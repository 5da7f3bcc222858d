package dev.sallyport.tctl;

/// Ends the tool with exit code 1 and `ERROR: <message>`.
final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailed(String message) {
    super(message);
  }

  CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
