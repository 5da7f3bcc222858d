package dev.sallyport.model;

/// Who somebody says they are. Only `pki` turns such a claim into a verified identity.
public sealed interface Identity permits UserIdentity, HostIdentity {
  /// The cluster that this identity belongs to.
  String clusterName();
}
