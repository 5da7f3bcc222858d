package dev.sallyport.control.host;

import dev.sallyport.control.HostCertificate;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;

/// What makes this process a host of a cluster, in one system role.
///
/// @param hostId as in the certificates
/// @param shown keys and certificates
/// @param trust the cluster's authorities, users' and hosts', as known now; followed up by watching
public record HostMembership(String hostId, HostCertificate.Shown shown, TrustBundle trust) {
  /// With one certificate for everything.
  public HostMembership(String hostId, TlsIdentity identity, TrustBundle trust) {
    this(hostId, HostCertificate.Shown.both(identity), trust);
  }

  /// The cluster's name.
  public String clusterName() {
    return trust.clusterName();
  }

  /// What it shows where it dials.
  public TlsIdentity identity() {
    return shown.client();
  }
}
