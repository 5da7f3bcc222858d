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
/// @param fingerprint of the one certificate it may use; empty = any of that host id and role
public record HostRecord(
    String hostId,
    String role,
    String nodeName,
    List<String> databases,
    Optional<String> fingerprint,
    Instant joined) {
  /// Copies.
  public HostRecord {
    databases = List.copyOf(databases);
  }

  /// Whether it may announce a database of that name.
  public boolean mayAnnounce(String database) {
    return databases.contains(database) || databases.equals(List.of(ProvisionToken.ANY_DATABASE));
  }
}
