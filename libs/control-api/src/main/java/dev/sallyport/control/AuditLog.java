package dev.sallyport.control;

import java.util.Map;

/// The audit log as one may ask it. Parameters are those of the routes in [ControlRoutes]; empty
/// ones count as absent.
public interface AuditLog extends ChainSource {
  /// One page of a search, newest first.
  AuditPage search(Map<String, String> parameters);

  /// What came after a position; the answer takes a few seconds when there is nothing.
  AuditTail tail(Map<String, String> parameters);

  /// Sessions of a window.
  AuditSessionList sessions(Map<String, String> parameters);

  /// Who or what makes most requests in a window.
  AuditTop top(Map<String, String> parameters);

  /// How the store is.
  AuditState state();
}
