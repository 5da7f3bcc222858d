package dev.sallyport.auth.join.aws;

import dev.sallyport.model.Secret;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/// Signs as AWS's metadata service does, and in ways in which it would not.
final class DocumentSigner {
  static final Instant END = Instant.parse("2036-01-01T00:00:00Z");

  private final KeyPair keys;
  private final X509Certificate certificate;
  private final String algorithm;

  private DocumentSigner(KeyPair keys, X509Certificate certificate, String algorithm) {
    this.keys = keys;
    this.certificate = certificate;
    this.algorithm = algorithm;
  }

  static DocumentSigner rsa(int bits) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      var keys = generator.generateKeyPair();
      var name = new X500Name("CN=a region of AWS");
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.ONE,
              Date.from(Instant.parse("2020-01-01T00:00:00Z")),
              Date.from(END),
              name,
              keys.getPublic());
      var signer = new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate());
      return new DocumentSigner(
          keys,
          new JcaX509CertificateConverter().getCertificate(builder.build(signer)),
          "SHA256withRSA");
    } catch (Exception e) {
      throw new AssertionError("a test can't make a certificate", e);
    }
  }

  X509Certificate certificate() {
    return certificate;
  }

  DocumentSigner with(String other) {
    return new DocumentSigner(keys, certificate, other);
  }

  private void addTo(CMSSignedDataGenerator generator) throws Exception {
    var signer = new JcaContentSignerBuilder(algorithm).build(keys.getPrivate());
    generator.addSignerInfoGenerator(
        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
            .build(signer, certificate));
    generator.addCertificates(new JcaCertStore(List.of(certificate)));
  }

  private static CMSProcessableByteArray content(String document) {
    return new CMSProcessableByteArray(document.getBytes(StandardCharsets.UTF_8));
  }

  private interface Work {
    CMSSignedData make(CMSSignedDataGenerator generator) throws Exception;
  }

  private Secret made(Work work) {
    try {
      var generator = new CMSSignedDataGenerator();
      addTo(generator);
      var lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
      return Secret.of(lines.encodeToString(work.make(generator).getEncoded()));
    } catch (Exception e) {
      throw new AssertionError("a test can't sign", e);
    }
  }

  /// As AWS does.
  Secret sign(String document) {
    return made(generator -> generator.generate(content(document), true));
  }

  /// The content is not inside.
  Secret detached(String document) {
    return made(generator -> generator.generate(content(document), false));
  }

  /// The signature is of another text than the one inside.
  Secret signed(String document, String shown) {
    var right = sign(document).reveal();
    var bytes = Base64.getMimeDecoder().decode(right);
    var text = new String(bytes, StandardCharsets.ISO_8859_1).replace(document, shown);
    return Secret.of(
        Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /// Two have signed.
  Secret twice(String document, DocumentSigner other) {
    return made(generator -> {
      other.addTo(generator);
      return generator.generate(content(document), true);
    });
  }
}
