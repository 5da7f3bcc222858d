package dev.sallyport.pki;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Turns a peer's certificates into a proof of who it is, or into a reason why not. The only maker
/// of [VerifiedIdentity].
///
/// Much narrower than X.509: there are no intermediates, so the leaf must be signed directly by a
/// trusted authority of the right kind and the same cluster, and have exactly the form in which our
/// authorities issue. Everything else is refused. It does not matter which TLS library parsed the
/// certificates: they are read again from their bytes.
///
/// Safe for use by many threads; takes well under a millisecond.
public final class IdentityVerifier {
  /// The longest leaf in bytes.
  public static final int MAX_CERTIFICATE = 24 * 1024;

  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  /// The extended key usage of certificates for a session of the web UI. The arc is that of
  /// [IdentityExtension#OID].
  public static final String WEB_SESSION = "1.3.9999.25.2";

  private static final String KEY_USAGE = "2.5.29.15";
  private static final Set<String> KNOWN_CRITICAL = Set.of(KEY_USAGE, "2.5.29.19");
  private static final int DNS_NAME = 2;

  private final Supplier<TrustBundle> trust;
  private final InstantSource clock;

  /// The supplier is asked at each check, so that a rotation acts at once.
  public IdentityVerifier(Supplier<TrustBundle> trust, InstantSource clock) {
    this.trust = trust;
    this.clock = clock;
  }

  /// The user that this chain, leaf first, proves.
  public Verification<VerifiedUser> user(List<X509Certificate> chain) {
    return user(chain, Set.of(CLIENT_AUTH));
  }

  /// The user whose session of the web UI this chain proves. Such a certificate is no user's
  /// certificate for [#user], so a door that does not ask for it by this method stays shut.
  public Verification<VerifiedUser> webSession(List<X509Certificate> chain) {
    return user(chain, Set.of(CLIENT_AUTH, WEB_SESSION));
  }

  private Verification<VerifiedUser> user(List<X509Certificate> chain, Set<String> usages) {
    try {
      var leaf = leaf(chain, CaKind.USER, usages);
      if (holder(leaf) instanceof CertificateClaim.Holder(UserIdentity user)) {
        return new Verification.Verified<>(new VerifiedUser(user, leaf, fingerprint(leaf)));
      }
      return new Verification.Refused<>("the certificate is not a user's");
    } catch (Refusal | InvalidIdentity e) {
      return new Verification.Refused<>(reason(e));
    }
  }

  /// The host that this chain, leaf first, proves; it must have one of the allowed roles.
  public Verification<VerifiedHost> host(List<X509Certificate> chain, Set<SystemRole> allowed) {
    try {
      var leaf = leaf(chain, CaKind.HOST, Set.of(SERVER_AUTH, CLIENT_AUTH));
      if (!(holder(leaf) instanceof CertificateClaim.Holder(HostIdentity host))) {
        return new Verification.Refused<>("the certificate is not a host's");
      }
      if (!allowed.contains(host.role())) {
        return new Verification.Refused<>(
            "the certificate has the system role "
                + host.role().wireName()
                + ", but "
                + allowed.stream()
                    .map(SystemRole::wireName)
                    .sorted()
                    .collect(Collectors.joining(" or "))
                + " is needed here");
      }
      return new Verification.Verified<>(
          new VerifiedHost(host, dnsNames(leaf), leaf, fingerprint(leaf)));
    } catch (Refusal | InvalidIdentity e) {
      return new Verification.Refused<>(reason(e));
    }
  }

  /// The cluster whose authorities are trusted.
  public String clusterName() {
    return trust.get().clusterName();
  }

  private X509Certificate leaf(List<X509Certificate> chain, CaKind kind, Set<String> usages)
      throws Refusal {
    var bundle = trust.get();
    var authorities = bundle.authorities(kind);
    if (chain.isEmpty() || chain.size() > 2) {
      throw new Refusal("expected a certificate and at most its authority, got " + chain.size());
    }
    if (chain.size() == 2 && authorities.stream().noneMatch(same(chain.get(1)))) {
      throw new Refusal(
          "its second certificate is no "
              + kind.wireName()
              + " authority that is trusted here: it belongs to another cluster, or to a key that"
              + " the cluster has changed since");
    }
    var leaf = reread(chain.getFirst());
    var now = clock.instant();
    var signer =
        signer(leaf, authorities)
            .orElseThrow(() ->
                new Refusal(
                    "the certificate is not signed by a "
                        + kind.wireName()
                        + " authority of cluster '"
                        + bundle.clusterName()
                        + "'"));
    requireValid("the authority", signer, now);
    requireValid("the certificate", leaf, now);
    requireForm(leaf, usages);
    requireCluster(leaf, bundle.clusterName());
    return leaf;
  }

  private static Predicate<X509Certificate> same(X509Certificate other) throws Refusal {
    var bytes = encoded(other);
    return authority -> {
      try {
        return Arrays.equals(authority.getEncoded(), bytes);
      } catch (CertificateEncodingException e) {
        return false;
      }
    };
  }

  private static X509Certificate reread(X509Certificate certificate) throws Refusal {
    var bytes = encoded(certificate);
    if (bytes.length > MAX_CERTIFICATE) {
      throw new Refusal("the certificate is longer than " + MAX_CERTIFICATE + " bytes");
    }
    try {
      return Pem.certificate(bytes);
    } catch (PemException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] encoded(X509Certificate certificate) throws Refusal {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new Refusal("the certificate has no encoding");
    }
  }

  private static Optional<X509Certificate> signer(
      X509Certificate leaf, List<X509Certificate> authorities) {
    if (!leaf.getSigAlgOID().equals(ECDSA_WITH_SHA256)) {
      return Optional.empty();
    }
    for (var authority : authorities) {
      if (authority.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
        try {
          leaf.verify(authority.getPublicKey());
          return Optional.of(authority);
        } catch (GeneralSecurityException | RuntimeException e) {
          // Signed by somebody else: during a rotation the next authority may be the one.
        }
      }
    }
    return Optional.empty();
  }

  private static void requireValid(String what, X509Certificate certificate, Instant now)
      throws Refusal {
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      throw new Refusal(
          what
              + " is not valid before "
              + certificate.getNotBefore().toInstant()
              + "; check clocks");
    }
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      throw new Refusal(what + " expired at " + certificate.getNotAfter().toInstant());
    }
  }

  private static void requireForm(X509Certificate leaf, Set<String> usages) throws Refusal {
    if (leaf.getVersion() != 3 || leaf.getBasicConstraints() != -1) {
      throw new Refusal("the certificate is an authority's and proves nobody's identity");
    }
    if (!KeyPairs.isP256(leaf.getPublicKey())) {
      throw new Refusal("the certificate's key is not an ECDSA key on the curve P-256");
    }
    var critical = leaf.getCriticalExtensionOIDs();
    if (critical != null && !KNOWN_CRITICAL.containsAll(critical)) {
      throw new Refusal("the certificate has a critical extension that is not known here");
    }
    var usage = leaf.getKeyUsage();
    if (usage == null || !onlyFirst(usage)) {
      throw new Refusal("the certificate's key usage is not exactly digital signature");
    }
    List<String> extended;
    try {
      extended = leaf.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw new Refusal("the certificate's extended key usage cannot be read");
    }
    if (extended == null
        || extended.size() != usages.size()
        || !usages.equals(new HashSet<>(extended))) {
      throw new Refusal("the certificate's extended key usage is not the one for this purpose");
    }
  }

  private static boolean onlyFirst(boolean[] usage) {
    for (int i = 1; i < usage.length; i++) {
      if (usage[i]) {
        return false;
      }
    }
    return usage.length > 0 && usage[0];
  }

  private static void requireCluster(X509Certificate leaf, String clusterName) throws Refusal {
    try {
      var claim = IdentityExtension.read(leaf);
      if (!claim.clusterName().equals(clusterName)) {
        throw new Refusal("the certificate is of another cluster than '" + clusterName + "'");
      }
    } catch (InvalidIdentity e) {
      throw new Refusal(reason(e));
    }
  }

  private static CertificateClaim holder(X509Certificate leaf) throws InvalidIdentity {
    return IdentityExtension.read(leaf);
  }

  private static Set<String> dnsNames(X509Certificate leaf) throws Refusal {
    var names = new HashSet<String>();
    try {
      var all = leaf.getSubjectAlternativeNames();
      if (all != null) {
        for (var entry : all) {
          if (entry.get(0) instanceof Integer type
              && type == DNS_NAME
              && entry.get(1) instanceof String name) {
            names.add(name.toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateParsingException e) {
      throw new Refusal("the certificate's names cannot be read");
    }
    return names;
  }

  private static String fingerprint(X509Certificate leaf) throws Refusal {
    return CaPin.sha256(encoded(leaf));
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getMessage());
  }

  /// Ends a check early.
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String reason) {
      super(reason, null, false, false);
    }
  }
}
