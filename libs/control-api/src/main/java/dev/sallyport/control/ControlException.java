package dev.sallyport.control;

import java.util.Objects;

/// A control request that was not done, on either side of the wire: servers throw it and the edge
/// turns it into [ErrorBody] and status; clients throw what they received. The message is for
/// people and holds no secret.
public final class ControlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;
  private final String reason;

  /// With what went wrong.
  public ControlException(ErrorKind kind, String message) {
    super(message);
    this.kind = kind;
    this.reason = Objects.requireNonNull(message, "message");
  }

  /// With what went wrong and what found it.
  public ControlException(ErrorKind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.reason = Objects.requireNonNull(message, "message");
  }

  /// Why, for programs.
  public ErrorKind kind() {
    return kind;
  }

  /// Why, for people; the same as the message.
  public String reason() {
    return reason;
  }
}
