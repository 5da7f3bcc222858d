package dev.sallyport.pki.authority;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.CertificateClaim;
import dev.sallyport.pki.IdentityExtension;
import dev.sallyport.pki.InvalidIdentity;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import java.net.InetAddress;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// One authority of a cluster: its key, its certificate, and the only places where certificates are
/// made. It issues exactly what it is told; whether the caller may have that is the caller's to
/// decide before.
///
/// Safe for use by many threads. Held by the Auth Service alone.
public final class CertificateAuthority {
  /// How long a new authority lasts.
  public static final Duration LIFETIME = Duration.ofDays(3650);

  /// How far before now a certificate begins, so that clocks may differ a little.
  public static final Duration BACKDATE = Duration.ofMinutes(1);

  /// The longest life of a web session's certificate; another one takes its place.
  public static final Duration WEB_SESSION_MAX = Duration.ofMinutes(5);

  /// The most DNS names and addresses that a host may have besides its own.
  public static final int MAX_EXTRA_NAMES = 64;

  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  private final CaKind kind;
  private final String clusterName;
  private final PrivateKey key;
  private final X509Certificate certificate;
  private final CertificateForge forge;
  private final InstantSource clock;

  private CertificateAuthority(
      CaKind kind,
      String clusterName,
      PrivateKey key,
      X509Certificate certificate,
      InstantSource clock,
      SecureRandom random) {
    this.kind = kind;
    this.clusterName = clusterName;
    this.key = key;
    this.certificate = certificate;
    this.clock = clock;
    this.forge = new CertificateForge(key, certificate, random);
  }

  /// A new authority with a new key.
  public static CertificateAuthority create(
      CaKind kind, String clusterName, InstantSource clock, SecureRandom random) {
    if (!isDnsName(clusterName)) {
      throw new IllegalArgumentException(
          "the cluster name '"
              + clusterName
              + "' is not a DNS name in lower case (letters, digits, '-' and '.')");
    }
    var keys = KeyPairs.generate();
    var now = clock.instant();
    var claim = new CertificateClaim.Authority(clusterName, kind);
    var certificate =
        CertificateForge.authority(
            keys, claim, new Validity(now.minus(BACKDATE), now.plus(LIFETIME)), random);
    return new CertificateAuthority(
        kind, clusterName, keys.getPrivate(), certificate, clock, random);
  }

  /// The authority that [#privateKeyPem] and [#certificatePem] wrote.
  public static CertificateAuthority load(
      CaKind kind,
      Secret privateKeyPem,
      String certificatePem,
      InstantSource clock,
      SecureRandom random)
      throws PemException {
    var key = Pem.privateKey(privateKeyPem.reveal());
    var certificate = Pem.certificate(certificatePem);
    try {
      // Both constructors check what they are given; that is all they are for here.
      var cluster = clusterOf(new TlsIdentity(key, List.of(certificate)));
      var trust =
          switch (kind) {
            case USER -> new TrustBundle(cluster, List.of(certificate), List.of());
            case HOST -> new TrustBundle(cluster, List.of(), List.of(certificate));
          };
      return new CertificateAuthority(kind, trust.clusterName(), key, certificate, clock, random);
    } catch (IllegalArgumentException e) {
      throw new PemException("the stored authority cannot be used: " + e.getMessage(), e);
    }
  }

  /// What this authority may sign.
  public CaKind kind() {
    return kind;
  }

  /// The cluster that it signs for.
  public String clusterName() {
    return clusterName;
  }

  /// Its own certificate, which others trust.
  public X509Certificate certificate() {
    return certificate;
  }

  /// Its certificate as PEM.
  public String certificatePem() {
    return Pem.encode(certificate);
  }

  /// Its key as PEM, for the state store and nothing else.
  public Secret privateKeyPem() {
    return Secret.of(Pem.encode(key));
  }

  /// A certificate for a user's own key. It ends at `notAfter`, cut to the second.
  public X509Certificate issueUser(UserIdentity user, PublicKey publicKey, Instant notAfter) {
    require(CaKind.USER, user.clusterName(), publicKey);
    return forge.user(user, publicKey, validity(notAfter));
  }

  /// A certificate for a session of the web UI, whose key a Proxy holds in memory: good for the
  /// routes that the web UI needs, for no database and for no other door. It ends at `notAfter`, at
  /// most [#WEB_SESSION_MAX] away.
  public X509Certificate issueWebSession(UserIdentity user, PublicKey publicKey, Instant notAfter) {
    require(CaKind.USER, user.clusterName(), publicKey);
    if (user.route().isPresent()) {
      throw new IllegalArgumentException("a session of the web UI has no route to a database");
    }
    if (notAfter.isAfter(clock.instant().plus(WEB_SESSION_MAX))) {
      throw new IllegalArgumentException(
          "a certificate of a web session lasts at most " + WEB_SESSION_MAX.toMinutes() + " min");
    }
    return forge.webSession(user, publicKey, validity(notAfter));
  }

  /// A certificate for a host's own key. It holds the host's full name, `auth.<cluster>` for Auth
  /// or `proxy.<cluster>` for the Proxy, and the extra names, of which none may be one of these.
  public X509Certificate issueHost(
      HostIdentity host,
      PublicKey publicKey,
      Set<String> extraDnsNames,
      Set<InetAddress> addresses,
      Instant notAfter) {
    require(CaKind.HOST, host.clusterName(), publicKey);
    if (extraDnsNames.size() > MAX_EXTRA_NAMES || addresses.size() > MAX_EXTRA_NAMES) {
      throw new IllegalArgumentException("a host has at most " + MAX_EXTRA_NAMES + " extra names");
    }
    var names = new LinkedHashSet<String>();
    names.add(host.fullName().toLowerCase(Locale.ROOT));
    switch (host.role()) {
      case AUTH -> names.add("auth." + clusterName);
      case PROXY -> names.add("proxy." + clusterName);
      case DB, ADMIN -> {}
    }
    for (var extra : extraDnsNames) {
      var name = extra.toLowerCase(Locale.ROOT);
      if (isReserved(name) && !names.contains(name)) {
        throw new IllegalArgumentException(
            "the name '" + name + "' belongs to another part of the cluster");
      }
      names.add(name);
    }
    for (var name : names) {
      if (!isDnsName(name)) {
        throw new IllegalArgumentException("'" + name + "' is not a DNS name");
      }
    }
    return forge.host(host, publicKey, names, addresses, validity(notAfter));
  }

  /// What a host shows in a handshake: its certificate and this authority's.
  public TlsIdentity identity(PrivateKey hostKey, X509Certificate hostCertificate) {
    return new TlsIdentity(hostKey, List.of(hostCertificate, certificate));
  }

  @Override
  public String toString() {
    return "CertificateAuthority[" + kind.wireName() + ", " + clusterName + "]";
  }

  private boolean isReserved(String name) {
    for (var role : List.of(SystemRole.AUTH, SystemRole.PROXY)) {
      if (name.equals(role.wireName().toLowerCase(Locale.ROOT) + "." + clusterName)) {
        return true;
      }
    }
    return false;
  }

  private void require(CaKind wanted, String cluster, PublicKey publicKey) {
    if (kind != wanted) {
      throw new IllegalStateException(
          "a " + kind.wireName() + " authority does not sign for a " + wanted.wireName());
    }
    if (!clusterName.equals(cluster)) {
      throw new IllegalArgumentException(
          "the identity is of cluster '" + cluster + "', this authority of '" + clusterName + "'");
    }
    if (!KeyPairs.isP256(publicKey)) {
      throw new IllegalArgumentException("only ECDSA keys on the curve P-256 are certified");
    }
  }

  private Validity validity(Instant notAfter) {
    var now = clock.instant();
    if (!notAfter.isAfter(now)) {
      throw new IllegalArgumentException("the certificate would end at once, at " + notAfter);
    }
    if (notAfter.isAfter(certificate.getNotAfter().toInstant())) {
      throw new IllegalArgumentException(
          "the certificate would outlive its authority, which ends at "
              + certificate.getNotAfter().toInstant());
    }
    return new Validity(now.minus(BACKDATE), notAfter);
  }

  private static boolean isDnsName(String name) {
    return DNS_NAME.matcher(name).matches();
  }

  private static String clusterOf(TlsIdentity authority) {
    try {
      return IdentityExtension.read(authority.leaf()).clusterName();
    } catch (InvalidIdentity e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
