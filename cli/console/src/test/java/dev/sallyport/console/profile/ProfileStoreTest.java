package dev.sallyport.console.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfileStoreTest {
  private static final Profile PROFILE =
      new Profile(new ProxyAddress("proxy.example.com", 443), "alice@example.com", "example.com");

  @TempDir Path home;

  @Test
  void aLoginComesBackAsItWasSaved() throws IOException {
    var store = new ProfileStore(home.resolve("tsh"));
    var login = login();
    store.save(PROFILE, login);
    assertThat(store.current()).contains(PROFILE);
    assertThat(store.all()).containsExactly(PROFILE);
    assertThat(store.identity(PROFILE).orElseThrow().identity().leaf())
        .isEqualTo(login.identity().leaf());
    assertThat(store.certificate(PROFILE)).contains(login.identity().leaf());
  }

  @Test
  void foldersAreForTheOwnerAndFilesToo() throws IOException {
    var folder = home.resolve("tsh");
    new ProfileStore(folder).save(PROFILE, login());
    try (var files = Files.walk(folder)) {
      files.forEach(file -> {
        try {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as("%s", file)
              .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
    }
    assertThat(folder.resolve("current-profile")).hasContent("proxy.example.com");
    var keys = folder.resolve("keys/proxy.example.com");
    assertThat(keys.resolve("alice@example.com.key")).exists();
    assertThat(keys.resolve("alice@example.com.crt")).exists();
    assertThat(keys.resolve("certs.pem")).exists();
    assertThat(keys.resolve("cas/example.com.pem")).exists();
  }

  @Test
  void aRemovedLoginLeavesNoKey() throws IOException {
    var store = new ProfileStore(home.resolve("tsh"));
    store.save(PROFILE, login());
    store.remove(PROFILE);
    assertThat(store.current()).isEmpty();
    assertThat(store.all()).isEmpty();
    try (var files = Files.walk(home)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void namesFromOutsideCannotLeaveTheFolder() {
    assertThat(ProfileStore.fileName("../../etc/passwd")).isEqualTo("%2E.%2F..%2Fetc%2Fpasswd");
    assertThat(ProfileStore.fileName("..")).isEqualTo("%2E.");
    assertThat(ProfileStore.fileName("a\u0000b")).isEqualTo("a%00b");
    assertThat(ProfileStore.fileName("a%2Fb")).isEqualTo("a%252Fb");
  }

  @Test
  void aBrokenProfileIsNamed() throws IOException {
    var store = new ProfileStore(home);
    Files.writeString(home.resolve("current-profile"), "proxy.example.com\n");
    Files.writeString(home.resolve("proxy.example.com.yaml"), "user: alice\n");
    assertThatThrownBy(store::current)
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("proxy.example.com.yaml is not a whole profile");
  }

  private static IdentityFile login() {
    var clock = InstantSource.system();
    var random = new SecureRandom();
    var users = CertificateAuthority.create(CaKind.USER, "example.com", clock, random);
    var hosts = CertificateAuthority.create(CaKind.HOST, "example.com", clock, random);
    var pair = KeyPairs.generate();
    var user =
        new UserIdentity(
            "example.com",
            "alice@example.com",
            List.of("access"),
            Map.of(),
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var certificate =
        users.issueUser(user, pair.getPublic(), clock.instant().plus(Duration.ofHours(1)));
    return new IdentityFile(
        new TlsIdentity(pair.getPrivate(), List.of(certificate)),
        TrustBundle.ofHosts("example.com", List.of(hosts.certificate())));
  }
}
