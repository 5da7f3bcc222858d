package dev.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.SystemRole;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartsTest {
  private static final Cluster OURS = new Cluster("example.com", InstantSource.system());

  @Test
  void thisJavaRefusesEmptySignatures() {
    assertThatCode(SelfTest::ecdsaZeroSignature).doesNotThrowAnyException();
  }

  @Test
  void aPinIsThatOfTheKey() {
    var authority = OURS.hosts.certificate();
    var pin = CaPin.of(authority);
    assertThat(pin.text()).matches("sha256:[0-9a-f]{64}");
    assertThat(CaPin.parse(" " + pin.text().replace("sha", "SHA").toUpperCase(Locale.ROOT)))
        .isEqualTo(pin);
    assertThat(pin.matches(authority)).isTrue();
    assertThat(pin.matches(OURS.users.certificate())).isFalse();
    for (var bad : List.of("", "sha256:", "sha1:00", pin.text() + "0", pin.text().substring(7))) {
      assertThatThrownBy(() -> CaPin.parse(bad)).hasMessageContaining("tctl status");
    }
  }

  @Test
  void aKeyMustBelongToItsCertificate() {
    var user = OURS.user();
    assertThatThrownBy(() -> new TlsIdentity(KeyPairs.generate().getPrivate(), user.chain()))
        .hasMessageContaining("does not belong");
    assertThatThrownBy(() -> new TlsIdentity(user.key(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(user.toString()).isEqualTo("TlsIdentity[CN=alice, O=dynamodb, O=access]");
  }

  @Test
  void anAuthorityIsTrustedOnlyUnderItsOwnHeading() {
    var user = OURS.users.certificate();
    var host = OURS.hosts.certificate();
    assertThatThrownBy(() -> new TrustBundle("example.com", List.of(host), List.of(host)))
        .hasMessageContaining("not a user authority");
    assertThatThrownBy(() -> new TrustBundle("example.com", List.of(user), List.of(user)))
        .hasMessageContaining("not a host authority");
    assertThatThrownBy(() -> new TrustBundle("other.com", List.of(user), List.of()))
        .hasMessageContaining("'other.com'");
    assertThatThrownBy(
            () -> TrustBundle.ofHosts("example.com", List.of(OURS.host(SystemRole.AUTH).leaf())))
        .hasMessageContaining("not the certificate of an authority");
    assertThat(OURS.trust().pins()).containsExactly(CaPin.of(host));
  }

  @Test
  void aWildcardStandsForOneLabel() throws Exception {
    var certificate = publicCertificate("*.example.com", "Exact.example.org", "*.com", "a*.x.org");
    for (var good : List.of("a.example.com", "A.EXAMPLE.COM.", "exact.example.org")) {
      assertThat(HostNames.matches(certificate, good)).as(good).isTrue();
    }
    for (var bad :
        List.of(
            "example.com",
            "a.b.example.com",
            ".example.com",
            "foo.com",
            "ab.x.org",
            "",
            "*",
            "192.0.2.2",
            "[2001:db8::2]")) {
      assertThat(HostNames.matches(certificate, bad)).as(bad).isFalse();
    }
    for (var good : List.of("192.0.2.1", "[2001:db8::1]", "2001:DB8:0::1")) {
      assertThat(HostNames.matches(certificate, good)).as(good).isTrue();
    }
    // The common name counts for nothing.
    assertThat(HostNames.matches(OURS.user().leaf(), "alice")).isFalse();
  }

  @Test
  void theEnvironmentSaysWhomTheMachineTrusts(@TempDir Path folder) throws Exception {
    var proxy = OURS.host(SystemRole.PROXY).chain().toArray(X509Certificate[]::new);
    var bundle = folder.resolve("bundle.pem");
    var other = new Cluster("public.example", InstantSource.system());
    Files.writeString(
        bundle,
        "Some words\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
            + Pem.encode(other.hosts.certificate())
            + Pem.encode(OURS.hosts.certificate()));
    for (var variable : List.of("SSL_CERT_FILE", "SSL_CERT_DIR")) {
      var value = variable.endsWith("DIR") ? folder : bundle;
      var trust = SystemTrust.load(Map.of(variable, value.toString()));
      trust.check(proxy, "proxy.example.com");
      assertThatThrownBy(() -> trust.check(proxy, "evil.example.com"))
          .hasMessageContaining("not for 'evil.example.com'");
      assertThatThrownBy(() -> SystemTrust.load(Map.of(variable, folder + "/none")))
          .hasMessageContaining(variable)
          .hasMessageContaining("/none");
    }
    assertThatThrownBy(() -> SystemTrust.load(Map.of()).check(proxy, "proxy.example.com"))
        .isInstanceOf(CertificateException.class);
    Files.writeString(bundle, "nothing");
    var empty = SystemTrust.load(Map.of("SSL_CERT_FILE", bundle.toString()));
    assertThatThrownBy(() -> empty.check(proxy, "proxy.example.com"))
        .hasMessageContaining("no certificate found");
  }

  @Test
  void whoOnlyReadsLoadsNoBouncyCastle() throws Exception {
    var classes =
        Path.of(IdentityVerifier.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var files = Files.list(classes.resolve("dev/sallyport/pki"))) {
      var reading = files.filter(file -> file.toString().endsWith(".class")).toList();
      assertThat(reading).hasSizeGreaterThan(20);
      for (var file : reading) {
        var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(text).as(file.toString()).doesNotContain("org/bouncycastle", "pki/authority");
      }
    }
  }

  private static X509Certificate publicCertificate(String... names) throws Exception {
    var forged =
        new Forged(
            OURS.hosts.certificate(),
            Pem.privateKey(OURS.hosts.privateKeyPem().reveal()),
            new CertificateClaim.Holder(OURS.alice()),
            KeyPurposeId.id_kp_serverAuth);
    var all = new ArrayList<GeneralName>();
    for (var name : names) {
      all.add(new GeneralName(GeneralName.dNSName, name));
    }
    all.add(new GeneralName(GeneralName.iPAddress, "192.0.2.1"));
    all.add(new GeneralName(GeneralName.iPAddress, "2001:db8::1"));
    forged.extensions.put(
        Extension.subjectAlternativeName.getId(),
        new GeneralNames(all.toArray(GeneralName[]::new)).getEncoded());
    return forged.sign();
  }
}
