package dev.sallyport.audit;

/// An event could not be put on record. Whoever must not go on without a record must stop.
public class AuditUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  /// Says what is not available and why.
  public AuditUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  /// Says what is not available.
  public AuditUnavailable(String message) {
    super(message);
  }
}
