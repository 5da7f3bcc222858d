package dev.sallyport.pki.authority;

import dev.sallyport.model.Secret;
import dev.sallyport.pki.Pem;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A key with which the cluster signs towards a service outside, and the certificate that is shown
/// to that service. Nothing inside the cluster trusts it: it is of no authority and says of nobody
/// who they are.
///
/// RSA, since that is what every SAML service takes.
public record SigningKeyPair(String certificatePem, Secret privateKeyPem) {
  private static final int BITS = 2048;
  private static final int SERIAL_BITS = 126;
  private static final Duration LIFETIME = Duration.ofDays(3650);

  /// A new one.
  ///
  /// @param commonName of the certificate, such as the cluster's name
  public static SigningKeyPair create(String commonName, InstantSource clock, SecureRandom random) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS, random);
      var keys = generator.generateKeyPair();
      var now = clock.instant();
      var name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS),
              Date.from(now.minus(CertificateAuthority.BACKDATE)),
              Date.from(now.plus(LIFETIME)),
              name,
              keys.getPublic());
      var signer = new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate());
      var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
      return new SigningKeyPair(Pem.encode(certificate), Secret.of(Pem.encode(keys.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot make RSA keys", e);
    }
  }
}
