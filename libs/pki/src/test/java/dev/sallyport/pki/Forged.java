package dev.sallyport.pki;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate of which each property can be set wrong on its own; as it comes it is right.
final class Forged {
  X500Name issuer;
  PrivateKey issuerKey;
  String algorithm = "SHA256withECDSA";
  KeyPair keys = KeyPairs.generate();
  SubjectPublicKeyInfo publicKey = SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
  Instant notBefore = Cluster.NOW.minusSeconds(60);
  Instant notAfter = Cluster.NOW.plusSeconds(3600);
  int usage = KeyUsage.digitalSignature;
  List<KeyPurposeId> purposes;
  boolean isAuthority;
  final Map<String, byte[]> extensions = new LinkedHashMap<>();
  final Map<String, byte[]> criticalExtensions = new LinkedHashMap<>();

  Forged(
      X509Certificate issuer,
      PrivateKey issuerKey,
      CertificateClaim claim,
      KeyPurposeId... purposes) {
    this.issuer = X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
    this.issuerKey = issuerKey;
    this.purposes = List.of(purposes);
    extensions.put(IdentityExtension.OID, IdentityExtension.encode(claim));
  }

  X509Certificate sign() throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(builder().build(new JcaContentSignerBuilder(algorithm).build(issuerKey)));
  }

  /// With an ECDSA signature of the given bytes instead of a real one.
  X509Certificate signedWith(byte[] value) throws Exception {
    var real = new JcaContentSignerBuilder(algorithm).build(issuerKey);
    ContentSigner fake =
        new ContentSigner() {
          @Override
          public AlgorithmIdentifier getAlgorithmIdentifier() {
            return real.getAlgorithmIdentifier();
          }

          @Override
          public java.io.OutputStream getOutputStream() {
            return java.io.OutputStream.nullOutputStream();
          }

          @Override
          public byte[] getSignature() {
            return new DERBitString(value).getBytes();
          }
        };
    return new JcaX509CertificateConverter().getCertificate(builder().build(fake));
  }

  private X509v3CertificateBuilder builder() throws Exception {
    var builder =
        new X509v3CertificateBuilder(
            issuer,
            BigInteger.valueOf(4711),
            Date.from(notBefore),
            Date.from(notAfter),
            new X500Name("CN=mallory"),
            publicKey);
    if (isAuthority) {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    }
    if (usage != 0) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    }
    if (!purposes.isEmpty()) {
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
    }
    for (var entry : extensions.entrySet()) {
      builder.addExtension(new ASN1ObjectIdentifier(entry.getKey()), false, entry.getValue());
    }
    for (var entry : criticalExtensions.entrySet()) {
      builder.addExtension(new ASN1ObjectIdentifier(entry.getKey()), true, entry.getValue());
    }
    return builder;
  }
}
