package dev.sallyport.audit;

/// A text that is no audit event of ours. The message tells which field and why, and quotes no
/// value.
public final class InvalidAuditEvent extends Exception {
  private static final long serialVersionUID = 1L;

  /// Says which field is wrong and why.
  public InvalidAuditEvent(String message) {
    super(message);
  }
}
