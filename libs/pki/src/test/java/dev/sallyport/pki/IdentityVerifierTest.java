package dev.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One property of a good certificate is turned at a time; each alone must refuse.
class IdentityVerifierTest {
  private static final Cluster OURS = new Cluster("example.com");
  private static final Cluster NAMESAKE = new Cluster("example.com");
  private static final Set<SystemRole> ANY = EnumSet.allOf(SystemRole.class);
  private static final HostIdentity AGENT =
      new HostIdentity("example.com", "agent-1", SystemRole.DB);

  @FunctionalInterface
  interface Turn {
    void apply(Forged certificate) throws Exception;
  }

  record Case(String name, String reason, Turn turn) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void aUsersOwnCertificateProvesTheUser() {
    var user = OURS.user();
    var verified = verified(OURS.verifier().user(user.chain()));
    assertThat(verified.identity()).isEqualTo(OURS.alice());
    assertThat(verified.notAfter()).isEqualTo(Cluster.NOW.plus(Duration.ofHours(12)));
    assertThat(verified.fingerprint()).matches("[0-9a-f]{64}");
    assertThat(verified.certificate()).isEqualTo(user.leaf());
  }

  @Test
  void aHostsOwnCertificateProvesTheHostWithOrWithoutItsAuthority() {
    var proxy = OURS.host(SystemRole.PROXY);
    assertThat(proxy.chain()).hasSize(2);
    for (var chain : List.of(proxy.chain(), List.of(proxy.leaf()))) {
      var verified = verified(OURS.verifier().host(chain, Set.of(SystemRole.PROXY)));
      assertThat(verified.identity().role()).isEqualTo(SystemRole.PROXY);
      assertThat(verified.hasName("PROXY.example.com")).isTrue();
      assertThat(verified.hasName("auth.example.com")).isFalse();
    }
  }

  @Test
  void aWebSessionsCertificateIsNoUsersCertificateAndTheOtherWayRound() {
    var session = OURS.webSession();
    assertThat(verified(OURS.verifier().webSession(session.chain())).identity())
        .isEqualTo(OURS.bob());
    assertThat(reason(OURS.verifier().user(session.chain())))
        .hasValueSatisfying(why -> assertThat(why).contains("extended key usage"));
    assertThat(reason(OURS.verifier().webSession(OURS.user().chain())))
        .hasValueSatisfying(why -> assertThat(why).contains("extended key usage"));
    assertThat(reason(OURS.verifier().host(session.chain(), ANY))).isPresent();
    assertThat(reason(NAMESAKE.verifier().webSession(session.chain()))).isPresent();
  }

  @Test
  void theForgeAsItComesIsRight() throws Exception {
    assertThat(reason(OURS.verifier().user(List.of(userForge().sign())))).isEmpty();
    assertThat(reason(OURS.verifier().host(List.of(hostForge().sign()), ANY))).isEmpty();
  }

  static Stream<Case> turns() {
    return Stream.concat(turnsOfSignatureAndKey(), turnsOfExtensions());
  }

  private static Stream<Case> turnsOfSignatureAndKey() {
    return Stream.of(
        new Case("expired", "expired", c -> c.notAfter = Cluster.NOW.minusSeconds(1)),
        new Case(
            "not yet valid", "not valid before", c -> c.notBefore = Cluster.NOW.plusSeconds(1)),
        new Case("an authority's flag", "authority", c -> c.isAuthority = true),
        new Case(
            "signed by itself",
            "not signed by",
            c -> {
              c.issuerKey = c.keys.getPrivate();
              c.issuer = new X500Name("CN=mallory");
            }),
        new Case(
            "signed by itself in our name",
            "not signed by",
            c -> c.issuerKey = c.keys.getPrivate()),
        new Case("another issuer's name", "not signed by", c -> c.issuer = new X500Name("CN=x")),
        new Case(
            "RSA key",
            "P-256",
            c -> {
              var rsa = KeyPairGenerator.getInstance("RSA");
              rsa.initialize(2048);
              c.publicKey =
                  SubjectPublicKeyInfo.getInstance(rsa.generateKeyPair().getPublic().getEncoded());
            }),
        new Case("P-384 key", "P-256", c -> c.publicKey = spki("secp384r1")),
        new Case("SHA-384 signature", "not signed by", c -> c.algorithm = "SHA384withECDSA"),
        new Case("SHA-1 signature", "not signed by", c -> c.algorithm = "SHA1withECDSA"));
  }

  private static Stream<Case> turnsOfExtensions() {
    return Stream.of(
        new Case("no key usage", "key usage", c -> c.usage = 0),
        new Case("key usage for certificates", "key usage", c -> c.usage = KeyUsage.keyCertSign),
        new Case(
            "one key usage too many",
            "key usage",
            c -> c.usage = KeyUsage.digitalSignature | KeyUsage.keyAgreement),
        new Case("no purpose", "extended key usage", c -> c.purposes = List.of()),
        new Case(
            "wrong purpose",
            "extended key usage",
            c -> c.purposes = List.of(KeyPurposeId.id_kp_codeSigning)),
        new Case(
            "any purpose",
            "extended key usage",
            c -> c.purposes = List.of(KeyPurposeId.anyExtendedKeyUsage)),
        new Case(
            "only the other purpose",
            "extended key usage",
            c -> c.purposes = List.of(KeyPurposeId.id_kp_serverAuth)),
        new Case(
            "unknown critical extension",
            "critical extension",
            c -> c.criticalExtensions.put("1.2.3.4", new byte[] {5, 0})),
        new Case(
            "no identity extension",
            "no identity",
            c -> c.extensions.remove(IdentityExtension.OID)),
        new Case("unknown version", "version", c -> json(c, "{\"v\":2,\"type\":\"x\"}")),
        new Case("no JSON", "cannot be read", c -> json(c, "hello")),
        new Case(
            "an authority's claim",
            "another|not a",
            c ->
                c.extensions.put(
                    IdentityExtension.OID,
                    IdentityExtension.encode(
                        new CertificateClaim.Authority("example.com", CaKind.USER)))),
        new Case(
            "another cluster's claim",
            "another cluster",
            c ->
                c.extensions.put(
                    IdentityExtension.OID,
                    IdentityExtension.encode(
                        new CertificateClaim.Holder(
                            new HostIdentity("other.com", "agent-1", SystemRole.DB))))));
  }

  @ParameterizedTest
  @MethodSource("turns")
  void aUserIsRefusedForEachAlone(Case turned) throws Exception {
    var certificate = userForge();
    turned.turn().apply(certificate);
    assertThat(reason(OURS.verifier().user(List.of(certificate.sign()))))
        .hasValueSatisfying(why -> assertThat(why).containsPattern(turned.reason()));
  }

  @ParameterizedTest
  @MethodSource("turns")
  void aHostIsRefusedForEachAlone(Case turned) throws Exception {
    var certificate = hostForge();
    turned.turn().apply(certificate);
    assertThat(reason(OURS.verifier().host(List.of(certificate.sign()), ANY)))
        .hasValueSatisfying(why -> assertThat(why).containsPattern(turned.reason()));
  }

  @Test
  void aUsersCertificateProvesNoHostAndTheOtherWayRound() {
    assertThat(reason(OURS.verifier().host(OURS.user().chain(), ANY))).isPresent();
    assertThat(reason(OURS.verifier().user(OURS.host(SystemRole.ADMIN).chain()))).isPresent();
  }

  @Test
  void eachAuthoritySignsOnlyForItsKind() throws Exception {
    var user = userForge();
    user.issuer = hostForge().issuer;
    user.issuerKey = key(OURS.hosts.privateKeyPem().reveal());
    assertThat(reason(OURS.verifier().user(List.of(user.sign())))).isPresent();
    user.purposes = hostForge().purposes;
    assertThat(reason(OURS.verifier().host(List.of(user.sign()), ANY)))
        .hasValue("the certificate is not a host's");
    var host = hostForge();
    host.issuer = userForge().issuer;
    host.issuerKey = key(OURS.users.privateKeyPem().reveal());
    assertThat(reason(OURS.verifier().host(List.of(host.sign()), ANY))).isPresent();
    host.purposes = userForge().purposes;
    assertThat(reason(OURS.verifier().user(List.of(host.sign()))))
        .hasValue("the certificate is not a user's");
  }

  @Test
  void anotherClusterOfTheSameNameProvesNothing() {
    assertThat(reason(OURS.verifier().user(NAMESAKE.user().chain()))).isPresent();
    assertThat(reason(OURS.verifier().host(NAMESAKE.host(SystemRole.DB).chain(), ANY))).isPresent();
    assertThat(reason(OURS.verifier().host(List.of(NAMESAKE.host(SystemRole.DB).leaf()), ANY)))
        .isPresent();
  }

  @Test
  void aRoleThatIsNotAllowedIsRefused() {
    for (var role : SystemRole.values()) {
      var chain = OURS.host(role).chain();
      assertThat(reason(OURS.verifier().host(chain, Set.of(role)))).isEmpty();
      assertThat(reason(OURS.verifier().host(chain, EnumSet.complementOf(EnumSet.of(role)))))
          .hasValueSatisfying(why -> assertThat(why).contains(role.wireName()));
    }
  }

  @Test
  void nothingMayStandBetweenLeafAndAuthority() throws Exception {
    // A user's certificate signs another one: the oldest trick.
    var stolen = userForge();
    var intermediate = stolen.sign();
    var nested =
        new Forged(
            intermediate,
            stolen.keys.getPrivate(),
            new CertificateClaim.Holder(OURS.alice()),
            KeyPurposeId.id_kp_clientAuth);
    var leaf = nested.sign();
    var authority = OURS.users.certificate();
    for (var chain :
        List.of(
            List.of(leaf),
            List.of(leaf, intermediate),
            List.of(leaf, authority),
            List.of(leaf, intermediate, authority),
            List.of(leaf, authority, intermediate))) {
      assertThat(reason(OURS.verifier().user(chain))).isPresent();
    }
    // Even a real intermediate, properly signed for certificates, is none here.
    stolen.isAuthority = true;
    stolen.usage = KeyUsage.keyCertSign;
    assertThat(reason(OURS.verifier().user(List.of(leaf, stolen.sign())))).isPresent();
    assertThat(reason(OURS.verifier().user(List.of(stolen.sign())))).isPresent();
  }

  @Test
  void anAuthorityItselfIsNobody() {
    for (var authority : List.of(OURS.users.certificate(), OURS.hosts.certificate())) {
      assertThat(reason(OURS.verifier().user(List.of(authority)))).isPresent();
      assertThat(reason(OURS.verifier().host(List.of(authority), ANY))).isPresent();
    }
    assertThat(reason(OURS.verifier().user(List.of()))).isPresent();
  }

  @Test
  void aGoodCertificateWithAStrangeSecondOneIsRefused() {
    var user = OURS.user().leaf();
    assertThat(reason(OURS.verifier().user(List.of(user, OURS.users.certificate())))).isEmpty();
    for (var second : List.of(user, OURS.hosts.certificate(), NAMESAKE.users.certificate())) {
      assertThat(reason(OURS.verifier().user(List.of(user, second)))).isPresent();
    }
  }

  @Test
  void emptySignaturesAndChangedBytesAreRefused() throws Exception {
    var zero = userForge().signedWith(new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0});
    assertThat(reason(OURS.verifier().user(List.of(zero)))).isPresent();
    assertThat(reason(OURS.verifier().user(List.of(userForge().signedWith(new byte[0])))))
        .isPresent();
    // "alice" becomes "alicf" wherever it stands.
    var bytes = OURS.user().leaf().getEncoded();
    var text = new String(bytes, StandardCharsets.ISO_8859_1).replace("alice", "alicf");
    var changed = Pem.certificate(text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(reason(OURS.verifier().user(List.of(changed))))
        .hasValueSatisfying(why -> assertThat(why).contains("not signed by"));
  }

  @Test
  void anExpiredAuthorityProvesNothing() {
    var user = OURS.user().chain();
    var late = Cluster.NOW.plus(Duration.ofDays(3651));
    var verifier = new IdentityVerifier(OURS::trust, InstantSource.fixed(late));
    assertThat(reason(verifier.user(user)))
        .hasValueSatisfying(why -> assertThat(why).contains("authority expired"));
  }

  @Test
  void duringARotationBothAuthoritiesCount() {
    var both =
        new TrustBundle(
            "example.com",
            List.of(NAMESAKE.users.certificate(), OURS.users.certificate()),
            List.of());
    var verifier = new IdentityVerifier(() -> both, OURS.clock);
    assertThat(reason(verifier.user(OURS.user().chain()))).isEmpty();
    assertThat(reason(verifier.user(NAMESAKE.user().chain()))).isEmpty();
    assertThat(reason(verifier.host(OURS.host(SystemRole.DB).chain(), ANY))).isPresent();
  }

  private static Forged userForge() throws Exception {
    return new Forged(
        OURS.users.certificate(),
        key(OURS.users.privateKeyPem().reveal()),
        new CertificateClaim.Holder(OURS.alice()),
        KeyPurposeId.id_kp_clientAuth);
  }

  private static Forged hostForge() throws Exception {
    return new Forged(
        OURS.hosts.certificate(),
        key(OURS.hosts.privateKeyPem().reveal()),
        new CertificateClaim.Holder(AGENT),
        KeyPurposeId.id_kp_serverAuth,
        KeyPurposeId.id_kp_clientAuth);
  }

  private static PrivateKey key(String pem) throws PemException {
    return Pem.privateKey(pem);
  }

  private static SubjectPublicKeyInfo spki(String curve) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new java.security.spec.ECGenParameterSpec(curve));
    return SubjectPublicKeyInfo.getInstance(generator.generateKeyPair().getPublic().getEncoded());
  }

  private static void json(Forged certificate, String text) throws Exception {
    certificate.extensions.put(IdentityExtension.OID, new DERUTF8String(text).getEncoded());
  }

  private static <T extends VerifiedIdentity> T verified(Verification<T> verification) {
    if (verification instanceof Verification.Verified<T>(T identity)) {
      return identity;
    }
    throw new AssertionError(verification);
  }

  private static Optional<String> reason(Verification<?> verification) {
    return verification instanceof Verification.Refused<?>(String reason)
        ? Optional.of(reason)
        : Optional.empty();
  }
}
