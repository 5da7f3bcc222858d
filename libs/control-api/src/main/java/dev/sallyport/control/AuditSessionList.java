package dev.sallyport.control;

import java.util.List;

/// Sessions, the one that was active last first.
public record AuditSessionList(List<AuditSession> sessions) {
  /// Copies the list.
  public AuditSessionList {
    sessions = List.copyOf(sessions);
  }
}
