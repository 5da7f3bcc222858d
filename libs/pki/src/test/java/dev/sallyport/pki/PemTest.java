package dev.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.SystemRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  private static final Cluster OURS = new Cluster("example.com");

  @Test
  void keysAndCertificatesComeBackAsTheyWere() throws Exception {
    var keys = KeyPairs.generate();
    assertThat(Pem.privateKey(Pem.encode(keys.getPrivate()))).isEqualTo(keys.getPrivate());
    assertThat(Pem.publicKey(Pem.encode(keys.getPublic()))).isEqualTo(keys.getPublic());
    var two = List.of(OURS.users.certificate(), OURS.hosts.certificate());
    assertThat(Pem.certificates("# ours\n\r\n" + Pem.encode(two))).isEqualTo(two);
    assertThatThrownBy(() -> Pem.certificate(Pem.encode(two))).hasMessageContaining("found 2");
  }

  @Test
  void anOperatorsRsaKeyIsReadButNeverAPublicOne() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var rsa = generator.generateKeyPair();
    assertThat(Pem.privateKey(Pem.encode(rsa.getPrivate()))).isEqualTo(rsa.getPrivate());
    assertThatThrownBy(() -> Pem.publicKey(Pem.encode(rsa.getPublic())))
        .isInstanceOf(PemException.class)
        .hasMessageContaining("P-256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nAA=A\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nAB==\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n\u00fc\n-----END CERTIFICATE-----",
        "-----BEGIN -----\nAAAA\n-----END -----",
        "-----BEGIN-----",
        "-----BEGIN ----",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END CERTIFICATE-----",
      })
  void whatIsNoPemIsRefused(String text) {
    assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(PemException.class);
    assertThatThrownBy(() -> Pem.privateKey(text)).isInstanceOf(PemException.class);
    assertThatThrownBy(() -> Pem.publicKey(text)).isInstanceOf(PemException.class);
    assertThatThrownBy(() -> IdentityFile.parse(text)).isInstanceOf(PemException.class);
  }

  @Test
  void tooMuchIsRefused() {
    assertThatThrownBy(() -> Pem.certificates("#".repeat(Pem.MAX_TEXT + 1)))
        .hasMessageContaining("longer");
    var one = Pem.encode(OURS.users.certificate());
    assertThatThrownBy(() -> Pem.certificates(one.repeat(Pem.MAX_BLOCKS + 1)))
        .hasMessageContaining("more than");
  }

  @Test
  void anOldFormOfKeySaysHowToConvertIt() {
    var text = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----";
    assertThatThrownBy(() -> Pem.privateKey(text)).hasMessageContaining("openssl pkcs8");
  }

  @Test
  void anIdentityFileHoldsKeyCertificateAndAuthorities(@TempDir Path folder) throws Exception {
    var file = folder.resolve("new").resolve("alice.pem");
    var written =
        new IdentityFile(
            OURS.user(), TrustBundle.ofHosts("example.com", List.of(OURS.hosts.certificate())));
    written.write(file);
    written.write(file);
    assertThat(IdentityFile.read(file)).isEqualTo(written);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
    assertThat(written.toString()).doesNotContain("PRIVATE").contains("alice");
    assertThatThrownBy(() -> IdentityFile.read(folder.resolve("none.pem")))
        .hasMessageContaining("none.pem does not exist");
  }

  @Test
  void anIdentityFileOfMixedPartsIsRefused() {
    var user = OURS.user();
    var other = new Cluster("other.com");
    var key = Pem.encode(user.key());
    var leaf = Pem.encode(user.leaf());
    var trust = Pem.encode(OURS.hosts.certificate());
    for (var text :
        List.of(
            key + leaf,
            leaf + key + trust,
            key + trust + leaf,
            key + leaf + leaf,
            key + leaf + Pem.encode(other.hosts.certificate()),
            key + leaf + trust + Pem.encode(other.hosts.certificate()),
            key + leaf + Pem.encode(OURS.users.certificate()),
            Pem.encode(KeyPairs.generate().getPrivate()) + leaf + trust)) {
      assertThatThrownBy(() -> IdentityFile.parse(text)).isInstanceOf(PemException.class);
    }
  }

  @Test
  void aClaimCanBeReadFromOnesOwnCertificate() throws Exception {
    var claim = ClaimedIdentity.of(OURS.host(SystemRole.ADMIN).leaf());
    assertThat(claim.identity().clusterName()).isEqualTo("example.com");
    assertThat(claim.notBefore()).isEqualTo(Cluster.NOW.minusSeconds(60));
    assertThatThrownBy(() -> ClaimedIdentity.of(OURS.users.certificate()))
        .isInstanceOf(InvalidIdentity.class);
  }

  @Test
  void noTextMakesTheReadersFailInAnyOtherWay() {
    var random = new Random(4);
    var good =
        new IdentityFile(
                OURS.user(), TrustBundle.ofHosts("example.com", List.of(OURS.hosts.certificate())))
            .text();
    for (int round = 0; round < 3_000; round++) {
      var text = new StringBuilder(good);
      for (int edit = random.nextInt(1, 4); edit > 0; edit--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(128));
          case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(200)));
          default -> text.insert(at, good, 0, random.nextInt(good.length()));
        }
      }
      try {
        assertThat(IdentityFile.parse(text.toString()).trust().clusterName())
            .isEqualTo("example.com");
      } catch (PemException expected) {
        assertThat(expected.getMessage()).isNotBlank();
      }
    }
  }
}
