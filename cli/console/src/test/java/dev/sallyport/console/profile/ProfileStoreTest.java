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
import java.util.TreeMap;
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
    assertThat(home.resolve("tsh/keys/proxy.example.com")).doesNotExist();
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
    Files.writeString(home.resolve("proxy.example.com.yaml"), "user: alice\nmade_by: sallyport\n");
    assertThatThrownBy(store::current)
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("proxy.example.com.yaml is not a whole profile");
  }

  /// As Teleport's tsh keeps a login; the contents do not matter, and must stay.
  private void anotherProgramsLogin(String host) throws IOException {
    var files =
        Map.of(
            "current-profile",
            host,
            host + ".yaml",
            """
            web_proxy_addr: %1$s:443
            ssh_proxy_addr: %1$s:443
            user: alice@example.com
            cluster: example.com
            auth_type: github
            mfa_mode: auto
            tls_routing_enabled: true
            site_name: example.com
            """
                .formatted(host),
            "known_hosts",
            "@cert-authority " + host,
            "keys/" + host + "/certs.pem",
            "theirs",
            "keys/" + host + "/cas/example.com.pem",
            "theirs",
            "keys/" + host + "/alice@example.com.key",
            "theirs",
            "keys/" + host + "/alice@example.com.crt",
            "theirs");
    for (var file : files.entrySet()) {
      var path = home.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  private Map<String, String> files() throws IOException {
    var found = new TreeMap<String, String>();
    try (var files = Files.walk(home)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        found.put(home.relativize(file).toString(), Files.readString(file));
      }
    }
    return found;
  }

  @Test
  void profilesOfAnotherProgramAreNeitherReadNorTouched() throws IOException {
    anotherProgramsLogin("other.example.com");
    var theirs = files();
    var store = new ProfileStore(home);
    assertThat(store.current()).isEmpty();
    assertThat(store.find("other.example.com")).isEmpty();
    assertThat(store.all()).isEmpty();
    assertThat(store.foreign()).containsExactly(home.resolve("other.example.com.yaml"));

    store.save(PROFILE, login());
    assertThat(store.current()).contains(PROFILE);
    assertThat(store.all()).containsExactly(PROFILE);
    assertThat(files()).containsAllEntriesOf(theirs);

    store.remove(PROFILE);
    assertThat(store.current()).isEmpty();
    assertThat(files()).isEqualTo(theirs);
  }

  @Test
  void proxyOfAnotherProgramsLoginIsNotSignedInTo() throws IOException {
    anotherProgramsLogin("proxy.example.com");
    var theirs = files();
    var store = new ProfileStore(home);
    var login = login();
    assertThatThrownBy(() -> store.save(PROFILE, login))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("proxy.example.com.yaml was written by another program")
        .hasMessageContaining("TELEPORT_HOME");
    // Its own logout may leave keys behind.
    Files.delete(home.resolve("proxy.example.com.yaml"));
    assertThatThrownBy(() -> store.save(PROFILE, login))
        .hasMessageContaining("keys/proxy.example.com was written by another program");
    theirs.remove("proxy.example.com.yaml");
    assertThat(files()).isEqualTo(theirs);
  }

  @Test
  void whatIsNoProfileAtAllBreaksNothing() throws IOException {
    var store = new ProfileStore(home);
    store.save(PROFILE, login());
    Files.createDirectory(home.resolve("folder.yaml"));
    Files.write(home.resolve("binary.yaml"), new byte[] {0, (byte) 0xff, (byte) 0xfe, 10});
    Files.write(home.resolve("huge.yaml"), new byte[100_000]);
    Files.createSymbolicLink(home.resolve("nowhere.yaml"), home.resolve("gone"));
    assertThat(store.all()).containsExactly(PROFILE);
    assertThat(store.foreign()).hasSize(4);
    // The other program made one of its own profiles the active one: ours stays ours.
    Files.writeString(home.resolve("current-profile"), "binary");
    assertThat(store.current()).contains(PROFILE);
    store.makeCurrent(PROFILE);
    assertThat(home.resolve("current-profile")).hasContent("binary");
  }

  @Test
  void loginCutShortIsSignedInToAgain() throws IOException {
    var store = new ProfileStore(home);
    store.save(PROFILE, login());
    Files.delete(home.resolve("proxy.example.com.yaml"));
    store.save(PROFILE, login());
    assertThat(store.current()).contains(PROFILE);
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
