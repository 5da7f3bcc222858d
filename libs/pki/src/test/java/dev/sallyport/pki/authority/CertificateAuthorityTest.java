package dev.sallyport.pki.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Route;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import java.net.InetAddress;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.900Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final Instant LATER = NOW.plus(Duration.ofHours(1));

  private final CertificateAuthority users = authority(CaKind.USER);
  private final CertificateAuthority hosts = authority(CaKind.HOST);
  private final PublicKey key = KeyPairs.generate().getPublic();

  @Test
  void aUsersCertificateSaysInItsSubjectWhoItIs() throws Exception {
    var certificate = users.issueUser(alice("c.example"), key, LATER);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=alice,O=access");
    assertThat(certificate.getNotBefore().toInstant())
        .isEqualTo(Instant.parse("2026-03-01T11:59:00Z"));
    assertThat(certificate.getNotAfter().toInstant())
        .isEqualTo(Instant.parse("2026-03-01T13:00:00Z"));
    assertThat(certificate.getSubjectAlternativeNames()).isNull();
    assertThat(certificate.getSerialNumber().bitLength()).isEqualTo(127);
    certificate.verify(users.certificate().getPublicKey());
  }

  @Test
  void aWebSessionsCertificateIsShortAndForNoDatabase() throws Exception {
    var end = NOW.plus(CertificateAuthority.WEB_SESSION_MAX);
    var certificate = users.issueWebSession(alice("c.example"), key, end);
    assertThat(certificate.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.2", IdentityVerifier.WEB_SESSION);
    assertThatThrownBy(
            () -> users.issueWebSession(alice("c.example"), key, end.plus(Duration.ofSeconds(1))))
        .hasMessageContaining("at most 5 min");
    var routed = new Route("db", "dynamodb", "Reader", Optional.empty(), "session-1");
    assertThatThrownBy(() ->
            users.issueWebSession(
                new UserIdentity(
                    "c.example",
                    "alice",
                    List.of(),
                    Map.of(),
                    UserKind.HUMAN,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(routed)),
                key,
                end))
        .hasMessageContaining("no route");
  }

  @Test
  void aHostsCertificateHoldsTheNamesOfItsRole() throws Exception {
    assertThat(names(host(SystemRole.AUTH, Set.of())))
        .containsExactly("h1.c.example", "auth.c.example");
    assertThat(names(host(SystemRole.PROXY, Set.of("Door.example.com", "h1.c.example"))))
        .containsExactly("h1.c.example", "proxy.c.example", "door.example.com");
    assertThat(names(host(SystemRole.DB, Set.of()))).containsExactly("h1.c.example");
    assertThat(names(host(SystemRole.ADMIN, Set.of()))).containsExactly("h1.c.example");
    var withAddress =
        hosts.issueHost(
            new HostIdentity("c.example", "h1", SystemRole.DB),
            key,
            Set.of(),
            Set.of(InetAddress.ofLiteral("127.0.0.1")),
            LATER);
    assertThat(names(withAddress)).containsExactly("h1.c.example", "127.0.0.1");
  }

  @Test
  void noHostGetsTheNameOfAnotherPart() {
    for (var name : List.of("auth.c.example", "AUTH.c.example", "proxy.c.example")) {
      assertThatThrownBy(() -> host(SystemRole.DB, Set.of(name)))
          .hasMessageContaining("belongs to another part");
    }
    assertThatThrownBy(() -> host(SystemRole.PROXY, Set.of("auth.c.example")))
        .isInstanceOf(IllegalArgumentException.class);
    for (var name : List.of("*.example.com", "a b", "", "-a", "a..b", "ü.example")) {
      assertThatThrownBy(() -> host(SystemRole.PROXY, Set.of(name)))
          .hasMessageContaining("not a DNS name");
    }
    assertThatThrownBy(() ->
            hosts.issueHost(
                new HostIdentity("c.example", "h 1", SystemRole.DB),
                key,
                Set.of(),
                Set.of(),
                LATER))
        .hasMessageContaining("not a DNS name");
  }

  @Test
  void anAuthoritySignsOnlyItsKindItsClusterAndOurKeys() throws Exception {
    assertThatThrownBy(() -> hosts.issueUser(alice("c.example"), key, LATER))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> users.issueUser(alice("other"), key, LATER))
        .hasMessageContaining("'other'");
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    assertThatThrownBy(() ->
            users.issueUser(alice("c.example"), generator.generateKeyPair().getPublic(), LATER))
        .hasMessageContaining("P-256");
  }

  @Test
  void aCertificateEndsAfterNowAndBeforeItsAuthority() {
    assertThatThrownBy(() -> users.issueUser(alice("c.example"), key, NOW))
        .hasMessageContaining("end at once");
    assertThatThrownBy(
            () -> users.issueUser(alice("c.example"), key, NOW.plus(Duration.ofDays(3651))))
        .hasMessageContaining("outlive");
  }

  @Test
  void anAuthorityIsStoredAndLoadedAndNeverPrinted() throws Exception {
    var loaded =
        CertificateAuthority.load(
            CaKind.USER, users.privateKeyPem(), users.certificatePem(), CLOCK, new SecureRandom());
    assertThat(loaded.clusterName()).isEqualTo("c.example");
    loaded.issueUser(alice("c.example"), key, LATER).verify(users.certificate().getPublicKey());
    assertThat(users.toString()).isEqualTo("CertificateAuthority[user, c.example]");
    assertThatThrownBy(() -> load(CaKind.HOST, users.privateKeyPem(), users.certificatePem()))
        .isInstanceOf(PemException.class);
    assertThatThrownBy(() -> load(CaKind.USER, hosts.privateKeyPem(), users.certificatePem()))
        .isInstanceOf(PemException.class);
    var leaf = Pem.encode(users.issueUser(alice("c.example"), key, LATER));
    assertThatThrownBy(() -> load(CaKind.USER, users.privateKeyPem(), leaf))
        .isInstanceOf(PemException.class);
  }

  @Test
  void aClusterIsNamedLikeAHost() {
    for (var name : List.of("", "A", "a b", "a_b", ".a", "a".repeat(300))) {
      assertThatThrownBy(
              () -> CertificateAuthority.create(CaKind.USER, name, CLOCK, new SecureRandom()))
          .hasMessageContaining("not a DNS name");
    }
  }

  private static CertificateAuthority load(CaKind kind, Secret key, String certificate)
      throws PemException {
    return CertificateAuthority.load(kind, key, certificate, CLOCK, new SecureRandom());
  }

  private X509Certificate host(SystemRole role, Set<String> extra) {
    return hosts.issueHost(new HostIdentity("c.example", "h1", role), key, extra, Set.of(), LATER);
  }

  private static List<String> names(X509Certificate certificate) throws Exception {
    return certificate.getSubjectAlternativeNames().stream()
        .map(name -> String.valueOf(name.get(1)))
        .toList();
  }

  private static CertificateAuthority authority(CaKind kind) {
    return CertificateAuthority.create(kind, "c.example", CLOCK, new SecureRandom());
  }

  private static UserIdentity alice(String cluster) {
    return new UserIdentity(
        cluster,
        "alice",
        List.of("access"),
        Map.of(),
        UserKind.HUMAN,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
