package dev.sallyport.audit.store;

import dev.sallyport.audit.AuditUnavailable;

/// A search took too long and was stopped. The same again takes as long; a narrower one does not.
public final class SearchTooSlow extends AuditUnavailable {
  private static final long serialVersionUID = 1L;

  /// @param message says after what time
  public SearchTooSlow(String message, Throwable cause) {
    super(message, cause);
  }
}
