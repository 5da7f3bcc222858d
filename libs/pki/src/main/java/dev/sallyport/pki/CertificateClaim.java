package dev.sallyport.pki;

import dev.sallyport.model.Identity;

/// What a certificate's identity extension says. A claim: it proves nothing until the certificate's
/// signature is checked by [IdentityVerifier] or, for an authority, by pin or configuration.
public sealed interface CertificateClaim {
  /// The cluster that the certificate speaks for.
  String clusterName();

  /// A certificate of a user or host.
  record Holder(Identity identity) implements CertificateClaim {
    @Override
    public String clusterName() {
      return identity.clusterName();
    }
  }

  /// A certificate of an authority.
  record Authority(String clusterName, CaKind kind) implements CertificateClaim {}
}
