package dev.sallyport.model;

/// A part of the cluster: which host, in which system role.
public record HostIdentity(String clusterName, String hostId, SystemRole role) implements Identity {
  /// Refuses empty names.
  public HostIdentity {
    if (clusterName.isBlank() || hostId.isBlank()) {
      throw new IllegalArgumentException("a host identity needs a cluster name and a host id");
    }
  }

  /// The DNS name of this host in the cluster's certificates.
  public String fullName() {
    return hostId + "." + clusterName;
  }
}
