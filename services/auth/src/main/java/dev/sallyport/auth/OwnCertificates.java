package dev.sallyport.auth;

import dev.sallyport.auth.join.HostIssuer;
import dev.sallyport.auth.state.Authorities;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// The certificates that the Auth Service issues to itself: that of its listener, and that of the
/// administrator of this host, which is kept in a file. Both are replaced at two thirds of their
/// life and when the authority's key changes. Safe from any thread.
final class OwnCertificates {
  private static final double DUE = 2.0 / 3;

  private final HostIssuer issuer;
  private final Authorities authorities;
  private final String hostId;
  private final String nodeName;
  private final Path adminFile;
  private final InstantSource clock;
  private volatile TlsIdentity listener;
  private TlsIdentity admin;
  private TrustBundle told;

  private OwnCertificates(
      HostIssuer issuer,
      Authorities authorities,
      AuthService.Node node,
      Path adminFile,
      InstantSource clock)
      throws IOException {
    this.issuer = issuer;
    this.authorities = authorities;
    this.hostId = node.hostId();
    this.nodeName = node.name();
    this.adminFile = adminFile;
    this.clock = clock;
    this.listener = forListener();
    this.admin = issuer.administrator(as(SystemRole.ADMIN), nodeName, Optional.empty());
    this.told = hostsOnly();
    write();
  }

  /// Issues both; a file that was there before is worth nothing from then on.
  static OwnCertificates issue(
      HostIssuer issuer,
      Authorities authorities,
      AuthService.Node node,
      Path adminFile,
      InstantSource clock)
      throws IOException {
    return new OwnCertificates(issuer, authorities, node, adminFile, clock);
  }

  /// What the listener shows now.
  TlsIdentity listener() {
    return listener;
  }

  /// Replaces what is due.
  synchronized void look() throws IOException {
    if (isDue(listener) || !listener.isIssuedBy(authorities.listeningHosts().certificate())) {
      listener = forListener();
    }
    var trust = hostsOnly();
    var outdated = isDue(admin) || !admin.isIssuedBy(authorities.hosts().certificate());
    if (outdated) {
      admin = issuer.administrator(as(SystemRole.ADMIN), nodeName, Optional.of(admin));
    }
    if (outdated || !trust.equals(told)) {
      told = trust;
      write();
    }
  }

  private void write() throws IOException {
    new IdentityFile(admin, told).write(adminFile);
  }

  private TlsIdentity forListener() {
    return issuer.local(as(SystemRole.AUTH), nodeName, Set.of(), Set.of());
  }

  private boolean isDue(TlsIdentity identity) {
    var from = identity.leaf().getNotBefore().toInstant();
    var life = Duration.between(from, identity.leaf().getNotAfter().toInstant());
    return !clock.instant().isBefore(from.plusMillis((long) (life.toMillis() * DUE)));
  }

  private HostIdentity as(SystemRole role) {
    return new HostIdentity(authorities.clusterName(), hostId, role);
  }

  private TrustBundle hostsOnly() {
    return TrustBundle.ofHosts(authorities.clusterName(), authorities.trust().hostAuthorities());
  }
}
