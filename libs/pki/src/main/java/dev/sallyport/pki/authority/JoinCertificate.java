package dev.sallyport.pki.authority;

import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.TlsIdentity;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// What a host shows to the Auth Service before it is one of the cluster: a certificate that it
/// signed itself, for the key that it wants certified. It proves that whoever joins holds that key,
/// and nothing else; it opens the one route by which a host joins with a token.
public final class JoinCertificate {
  private static final String NAME = "CN=sallyport-join";
  private static final X500Principal PRINCIPAL = new X500Principal(NAME);
  private static final Duration BEFORE = Duration.ofHours(1);
  private static final Duration LIFE = Duration.ofDays(1);
  private static final int SERIAL_BITS = 126;

  private JoinCertificate() {}

  /// A certificate for this key. Its times are wide and of no weight: clocks of hosts that have
  /// never heard of the cluster may be wrong.
  ///
  /// @param keys on the curve P-256
  public static TlsIdentity of(KeyPair keys, InstantSource clock, SecureRandom random) {
    var now = clock.instant();
    var name = new X500Name(NAME);
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS),
            Date.from(now.minus(BEFORE)),
            Date.from(now.plus(LIFE)),
            name,
            keys.getPublic());
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new TlsIdentity(
          keys.getPrivate(),
          List.of(new JcaX509CertificateConverter().getCertificate(builder.build(signer))));
    } catch (OperatorException | GeneralSecurityException e) {
      throw new IllegalStateException("this Java can't sign with ECDSA", e);
    }
  }

  /// The key of a chain that is such a certificate; empty for any other chain.
  public static Optional<PublicKey> key(List<X509Certificate> chain) {
    if (chain.size() != 1) {
      return Optional.empty();
    }
    var certificate = chain.getFirst();
    var key = certificate.getPublicKey();
    if (!PRINCIPAL.equals(certificate.getSubjectX500Principal())
        || !PRINCIPAL.equals(certificate.getIssuerX500Principal())
        || !KeyPairs.isP256(key)) {
      return Optional.empty();
    }
    try {
      certificate.verify(key);
      return Optional.of(key);
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
