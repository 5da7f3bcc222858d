package dev.sallyport.pki;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/// The authorities of one cluster that are trusted, by kind. During a rotation there are two of a
/// kind. Each must name this cluster and its kind in itself and be signed by its own key, so an
/// authority that was filed under the wrong heading is refused here and not found out later.
///
/// A side that only dials, such as tsh, holds no user authorities; then no user is ever verified.
public record TrustBundle(
    String clusterName,
    List<X509Certificate> userAuthorities,
    List<X509Certificate> hostAuthorities) {
  /// The most authorities of one kind.
  public static final int MAX_AUTHORITIES = 8;

  private static final int KEY_CERT_SIGN = 5;

  /// Checks every authority.
  public TrustBundle {
    userAuthorities = List.copyOf(userAuthorities);
    hostAuthorities = List.copyOf(hostAuthorities);
    userAuthorities.forEach(authority -> require(authority, clusterName, CaKind.USER));
    hostAuthorities.forEach(authority -> require(authority, clusterName, CaKind.HOST));
    if (Math.max(userAuthorities.size(), hostAuthorities.size()) > MAX_AUTHORITIES) {
      throw new IllegalArgumentException("more than " + MAX_AUTHORITIES + " authorities of a kind");
    }
  }

  /// A bundle of host authorities alone, as a client holds it.
  public static TrustBundle ofHosts(String clusterName, List<X509Certificate> hostAuthorities) {
    return new TrustBundle(clusterName, List.of(), hostAuthorities);
  }

  /// The authorities of one kind.
  public List<X509Certificate> authorities(CaKind kind) {
    return switch (kind) {
      case USER -> userAuthorities;
      case HOST -> hostAuthorities;
    };
  }

  /// The pins of the host authorities, as `tctl status` prints them.
  public List<CaPin> pins() {
    return hostAuthorities.stream().map(CaPin::of).toList();
  }

  /// What an authority says of itself, after its own signature and form are checked. Not yet a
  /// reason to trust it.
  static CertificateClaim.Authority authority(X509Certificate certificate) throws InvalidIdentity {
    if (!(IdentityExtension.read(certificate) instanceof CertificateClaim.Authority claim)) {
      throw new InvalidIdentity("it is not the certificate of an authority");
    }
    var usage = certificate.getKeyUsage();
    if (certificate.getBasicConstraints() < 0
        || usage == null
        || usage.length <= KEY_CERT_SIGN
        || !usage[KEY_CERT_SIGN]) {
      throw new InvalidIdentity("it may not sign certificates");
    }
    if (!KeyPairs.isP256(certificate.getPublicKey())) {
      throw new InvalidIdentity("its key is not on the curve P-256");
    }
    try {
      certificate.verify(certificate.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new InvalidIdentity("it is not signed by its own key");
    }
    return claim;
  }

  private static void require(X509Certificate certificate, String clusterName, CaKind kind) {
    CertificateClaim.Authority claim;
    try {
      claim = authority(certificate);
    } catch (InvalidIdentity e) {
      throw new IllegalArgumentException(
          "not a " + kind.wireName() + " authority: " + e.getMessage(), e);
    }
    if (claim.kind() != kind || !claim.clusterName().equals(clusterName)) {
      throw new IllegalArgumentException(
          "not a "
              + kind.wireName()
              + " authority of cluster '"
              + clusterName
              + "', but a "
              + claim.kind().wireName()
              + " authority of cluster '"
              + claim.clusterName()
              + "'");
    }
  }
}
