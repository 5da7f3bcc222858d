package dev.sallyport.testkit.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that is not the cluster's; lives for one test or one run of the demo. */
public final class PublicAuthority {
  private static final Duration LIFE = Duration.ofDays(30);

  private final X500Name name;
  private final KeyPair keys;
  private final X509Certificate certificate;
  private final Instant from;
  private final SecureRandom random = new SecureRandom();

  /** A new authority, valid from an hour before {@code now}. */
  public PublicAuthority(String commonName, Instant now) {
    this.name = new X500Name("CN=" + commonName);
    this.from = now.minus(Duration.ofHours(1));
    this.keys = newKeys();
    this.certificate =
        sign(
            name,
            keys.getPublic(),
            builder -> {
              builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
              builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            });
  }

  /** The files of one server certificate. */
  public record KeyPairFiles(Path certificate, Path key) {}

  /** How a client trusts this authority and no other. */
  public SSLContext clientContext() {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("authority", certificate);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  /** How a server on this machine shows a certificate for these names, issued now. */
  public SSLContext serverContext(List<String> names) {
    try {
      KeyPair server = newKeys();
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setKeyEntry(
          "server",
          server.getPrivate(),
          new char[0],
          new Certificate[] {issue(server.getPublic(), names)});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  /** Writes the authority's certificate as PEM, for {@code SSL_CERT_FILE} and the like. */
  public Path writeCertificate(Path file) {
    return write(file, pem(certificate));
  }

  /**
   * Issues a server certificate and writes {@code <stem>.crt} and {@code <stem>.key}.
   *
   * @param names DNS names, or IP addresses as text
   */
  public KeyPairFiles issueServer(Path folder, String stem, List<String> names) {
    KeyPair server = newKeys();
    return write(folder, stem, server, issue(server.getPublic(), names));
  }

  /** As {@link #issueServer}, for a program that shows the certificate as a client, too. */
  public KeyPairFiles issuePeer(Path folder, String stem, List<String> names) {
    KeyPair peer = newKeys();
    return write(
        folder,
        stem,
        peer,
        issue(
            peer.getPublic(), names, KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth));
  }

  private static KeyPairFiles write(Path folder, String stem, KeyPair keys, X509Certificate shown) {
    return new KeyPairFiles(
        write(folder.resolve(stem + ".crt"), pem(shown)),
        write(folder.resolve(stem + ".key"), privatePem(keys)));
  }

  private X509Certificate issue(PublicKey server, List<String> names) {
    return issue(server, names, KeyPurposeId.id_kp_serverAuth);
  }

  private X509Certificate issue(PublicKey holder, List<String> names, KeyPurposeId... purposes) {
    GeneralName[] alternatives =
        names.stream().map(PublicAuthority::alternative).toArray(GeneralName[]::new);
    return sign(
        new X500Name("CN=" + names.getFirst()),
        holder,
        builder -> {
          builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
          builder.addExtension(
              Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
        });
  }

  private static GeneralName alternative(String name) {
    boolean address = name.contains(":") || name.matches("[0-9.]+");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private interface Extensions {
    void addTo(JcaX509v3CertificateBuilder builder) throws CertIOException;
  }

  private X509Certificate sign(X500Name subject, PublicKey holder, Extensions extensions) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(120, random).setBit(119),
              Date.from(from),
              Date.from(from.plus(LIFE)),
              subject,
              holder);
      extensions.addTo(builder);
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot sign a certificate for " + subject, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no P-256", e);
    }
  }

  private static String privatePem(KeyPair keys) {
    try {
      return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(Object content) {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
