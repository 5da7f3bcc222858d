package dev.sallyport.control;

import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.RotationPhase;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a host has to do about its certificates now.
///
/// | phase | where it dials | where it listens |
/// | --- | --- | --- |
/// | `standby`, `init`, `rollback` | signed by what is active | the same |
/// | `update_clients` | signed by what is active | as it was |
/// | `update_servers` | signed by what is active | the same |
///
/// @param renew ask for a new certificate
/// @param serverFollows show the dialling side's where it listens too
record RenewalPlan(boolean renew, boolean serverFollows) {
  /// The part of its life after which a certificate is replaced, at the earliest and at the latest.
  static final double DUE_FROM = 0.60;

  static final double DUE_TO = 0.70;

  /// The part after which a listening side waits for its phase no longer.
  static final double LAST_CALL = 0.85;

  /// @param authority as it was heard of; without it only the end of life counts
  /// @param spread from 0 to 1, so that many hosts do not come at once
  static RenewalPlan of(
      HostCertificate.Shown shown, Optional<CertAuthority> authority, Instant now, double spread)
      throws IOException {
    var client = shown.client();
    var outdated = authority.isPresent() && !isSignedByActive(client, authority.get());
    var renew = outdated || isPast(client, now, DUE_FROM + (DUE_TO - DUE_FROM) * spread);
    var differ = !shown.server().equals(client);
    var follows = listensAlong(authority) || isPast(shown.server(), now, LAST_CALL);
    return new RenewalPlan(renew, differ && !outdated && follows);
  }

  /// Whether the listening side may show what the dialling side shows.
  static boolean listensAlong(Optional<CertAuthority> authority) {
    return authority.isPresent()
        && authority.get().rotation().phase() != RotationPhase.UPDATE_CLIENTS;
  }

  private static boolean isSignedByActive(TlsIdentity identity, CertAuthority authority)
      throws IOException {
    return identity.isIssuedBy(Pem.certificate(authority.active().getFirst().certPem()));
  }

  private static boolean isPast(TlsIdentity identity, Instant now, double part) {
    var from = identity.leaf().getNotBefore().toInstant();
    var life = Duration.between(from, identity.leaf().getNotAfter().toInstant());
    return !now.isBefore(from.plusMillis((long) (life.toMillis() * part)));
  }
}
