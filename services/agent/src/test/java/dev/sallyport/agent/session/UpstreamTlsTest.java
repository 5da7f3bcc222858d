package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.Pem;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An upstream over TLS must be who the configuration says: chain and name.
class UpstreamTlsTest {
  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void anEndpointThatItsOwnAuthorityVouchesForIsTrusted(TlsProvider tls) throws Exception {
    var authority = Authority.create();
    try (var stage = stage(tls, authority, "localhost", Optional.of(authority.certificate));
        var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      assertThat(stage.aws.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void oneWithAnotherNameIsNot(TlsProvider tls) throws Exception {
    var authority = Authority.create();
    assertNotReached(tls, authority, "other.example", Optional.of(authority.certificate));
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void oneOfAnotherAuthorityIsNot(TlsProvider tls) throws Exception {
    var authority = Authority.create();
    assertNotReached(tls, authority, "localhost", Optional.of(Authority.create().certificate));
    assertNotReached(tls, authority, "localhost", Optional.empty());
  }

  private static void assertNotReached(
      TlsProvider tls, Authority authority, String name, Optional<X509Certificate> trusted)
      throws Exception {
    try (var stage = stage(tls, authority, name, trusted);
        var client = stage.connect(stage.alice())) {
      var answer = client.call("ListTables", "{}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("cannot reach").doesNotContain("certificate");
      assertThat(stage.aws.seen).isEmpty();
    }
  }

  private static Stage stage(
      TlsProvider tls, Authority authority, String name, Optional<X509Certificate> trusted)
      throws Exception {
    var sockets = authority.server(name).getServerSocketFactory();
    return new Stage(
        tls,
        new ScriptedUpstream(sockets),
        new DatabaseTls(trusted.map(Pem::encode)),
        "https",
        Duration.ofSeconds(30),
        ConnectionLimits.DEFAULT);
  }

  /// An authority of the outside world.
  private record Authority(KeyPair keys, X509Certificate certificate) {
    static Authority create() throws Exception {
      var keys = keyPair();
      var name = new X500Name("CN=Test Authority " + keys.getPublic().hashCode());
      return new Authority(keys, issue(name, keys, name, keys, Optional.empty()));
    }

    SSLContext server(String dnsName) throws Exception {
      var own = keyPair();
      var issuer = new X500Name(certificate.getSubjectX500Principal().getName());
      var leaf = issue(issuer, keys, new X500Name("CN=server"), own, Optional.of(dnsName));
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", own.getPrivate(), new char[0], new Certificate[] {leaf});
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, new char[0]);
      var context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    }

    private static KeyPair keyPair() throws Exception {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    }

    private static X509Certificate issue(
        X500Name issuer, KeyPair by, X500Name subject, KeyPair of, Optional<String> dnsName)
        throws Exception {
      var now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(now.toEpochMilli()),
              Date.from(now.minusSeconds(60)),
              Date.from(now.plusSeconds(3600)),
              subject,
              of.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(dnsName.isEmpty()));
      if (dnsName.isPresent()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName.get())));
      }
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }
  }
}
