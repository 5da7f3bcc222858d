package dev.sallyport.agent.cluster;

import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;

/// What makes this process a host of a cluster, with the system role Db.
///
/// @param hostId as in the certificate
/// @param identity key and certificate
/// @param trust the cluster's authorities, users' and hosts', as known now; followed up by watching
public record HostMembership(String hostId, TlsIdentity identity, TrustBundle trust) {
  /// The cluster's name.
  public String clusterName() {
    return trust.clusterName();
  }
}
