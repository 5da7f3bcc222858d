package dev.sallyport.auth.state;

import dev.sallyport.model.ProvisionToken;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A part of the cluster that Auth let in. Without its record a host certificate is worth nothing
/// at the API, so deleting the record puts the host out.
///
/// @param role wire name of its system role
/// @param databases the names that it may announce; `*` alone = any
/// @param fingerprint of the certificate it was given last; empty = any of that host id and role
/// @param previous fingerprint of the one with which it asked for that: connections are still open
///   with it, and it is what the host has when the answer was lost
public record HostRecord(
    String hostId,
    String role,
    String nodeName,
    List<String> databases,
    Optional<String> fingerprint,
    Optional<String> previous,
    Instant joined) {
  /// Copies.
  public HostRecord {
    databases = List.copyOf(databases);
  }

  /// Whether it may announce a database of that name.
  public boolean mayAnnounce(String database) {
    return databases.contains(database) || databases.equals(List.of(ProvisionToken.ANY_DATABASE));
  }

  /// Whether a certificate of that host id and role is one that the host may use.
  public boolean mayUse(String certificate) {
    return fingerprint.isEmpty()
        || fingerprint.get().equals(certificate)
        || previous.filter(certificate::equals).isPresent();
  }

  /// The record once the host was given another certificate.
  ///
  /// @param with the fingerprint of the one that it called with
  public HostRecord renewed(String next, String with) {
    return fingerprint.isEmpty()
        ? this
        : new HostRecord(
            hostId, role, nodeName, databases, Optional.of(next), Optional.of(with), joined);
  }
}
