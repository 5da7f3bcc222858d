package dev.sallyport.control;

import java.time.Instant;
import java.util.List;

/// A certificate for one database and session.
///
/// @param certificate PEM
/// @param agents ids of the hosts that serve the database; nobody else is to be accepted inside
public record DatabaseCert(
    String certificate, String sessionId, Instant validUntil, List<String> agents, Trust trust) {
  /// Copies the lists.
  public DatabaseCert {
    agents = List.copyOf(agents);
  }
}
