package dev.sallyport.audit;

/// Where events go. Safe for any thread.
public interface AuditSink {

  /// Puts the event on record before it returns.
  ///
  /// @throws AuditUnavailable when it is not on record
  void append(AuditEvent event) throws AuditUnavailable;

  /// Tells whether an event could be put on record now, as far as that can be known.
  ///
  /// @throws AuditUnavailable when it surely could not
  void ready() throws AuditUnavailable;
}
