package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.auth.login.LoginService;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.Secret;
import dev.sallyport.model.User;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserStatus;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Signing in, and the links before it: each condition flipped alone refuses.
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
final class SignInTest {
  @TempDir Path folder = Path.of("never");
  private Optional<Cluster> running = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    running = Optional.of(new Cluster(folder));
    cluster().user("alice", "access");
  }

  @AfterEach
  void stop() {
    cluster().close();
  }

  @Test
  void rightPasswordGivesACertificateForTheKeyOfTheClient() throws Exception {
    var keys = KeyPairs.generate();
    var result = cluster().proxy().login(Cluster.login("alice", Cluster.PASSWORD, keys));
    var certificate = Pem.certificate(result.certificate());
    assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
    var identity = (UserIdentity) ClaimedIdentity.of(certificate).identity();
    assertThat(identity.user()).isEqualTo("alice");
    assertThat(identity.roles()).containsExactly("access");
    assertThat(identity.loginAddress()).contains("192.0.2.1");
    assertThat(identity.route()).isEmpty();
    assertThat(result.validUntil()).isEqualTo(Cluster.START.plus(Duration.ofHours(12)));
    assertThat(result.trust().userCas()).isEmpty();
  }

  @Test
  void whateverIsWrongTheAnswerIsTheSame() throws IOException {
    var admin = cluster().admin();
    admin.createUser(
        new CreateUserRequest("invited", List.of("access"), Map.of(), Optional.empty()));
    var proxy = cluster().proxy();
    var keys = KeyPairs.generate();
    Stream.of(
            Cluster.login("alice", Cluster.PASSWORD + "x", keys),
            Cluster.login("alice", "", keys),
            Cluster.login("alice", Cluster.PASSWORD + "x".repeat(200), keys),
            Cluster.login("nobody", Cluster.PASSWORD, keys),
            Cluster.login("invited", Cluster.PASSWORD, keys),
            Cluster.login("../user/alice", Cluster.PASSWORD, keys),
            Cluster.login("x".repeat(3000), Cluster.PASSWORD, keys))
        .forEach(request ->
            assertThatThrownBy(() -> proxy.login(request)).hasMessage(LoginService.REFUSED));
    assertThat(proxy.login(Cluster.login("alice", Cluster.PASSWORD, keys)).user())
        .isEqualTo("alice");
  }

  @Test
  void keyThatIsNoneIsRefusedBeforeThePasswordIsLookedAt() {
    var request =
        new LoginRequest(
            "alice",
            Secret.of(Cluster.PASSWORD),
            Optional.empty(),
            "no key",
            Optional.empty(),
            "192.0.2.1");
    refused(() -> cluster().proxy().login(request), ErrorKind.BAD_PARAMETER);
  }

  @Test
  void fiveFailuresCloseTheNameToThatAddressForTwentyMinutes() {
    var proxy = cluster().proxy();
    var keys = KeyPairs.generate();
    var right = Cluster.login("alice", Cluster.PASSWORD, keys);
    for (var i = 0; i < 5; i++) {
      refused(() -> proxy.login(Cluster.login("alice", "wrong", keys)), ErrorKind.ACCESS_DENIED);
    }
    assertThatThrownBy(() -> proxy.login(right)).hasMessage(LoginService.BRAKED);
    assertThat(proxy.login(from("198.51.100.7", right)).user()).isEqualTo("alice");
    cluster().pass(Duration.ofMinutes(20));
    assertThat(proxy.login(right).user()).isEqualTo("alice");
  }

  @Test
  void administratorSeesWhatFailuresClosedAndOpensIt() throws IOException {
    var admin = cluster().admin();
    var proxy = cluster().proxy();
    var right = Cluster.login("alice", Cluster.PASSWORD, KeyPairs.generate());
    failFiveTimes(proxy, "alice");
    var shown = (User) admin.get(Kind.USER, "alice");
    assertThat(shown.status())
        .isEqualTo(
            new UserStatus(
                true,
                Optional.of(Cluster.START.plus(Duration.ofMinutes(20))),
                Optional.of("user has exceeded maximum failed login attempts"),
                Optional.of(Cluster.START)));

    // Written back as read it changes nothing: nobody else is locked out by it.
    admin.update(shown.withRoles(List.of("access", "auditor")));
    assertThatThrownBy(() -> proxy.login(right)).hasMessage(LoginService.BRAKED);
    assertThat(proxy.login(from("198.51.100.7", right)).user()).isEqualTo("alice");

    admin.update(((User) admin.get(Kind.USER, "alice")).withStatus(UserStatus.OPEN));
    assertThat(((User) admin.get(Kind.USER, "alice")).status()).isEqualTo(UserStatus.OPEN);
    assertThat(proxy.login(right).user()).isEqualTo("alice");

    failFiveTimes(proxy, "alice");
    var reset = admin.resetUser("alice", new ResetUserRequest(Optional.empty()));
    assertThat(((User) admin.get(Kind.USER, "alice")).status()).isEqualTo(UserStatus.OPEN);
    setPassword(proxy, Cluster.token(reset), Cluster.PASSWORD);
    assertThat(proxy.login(right).user()).isEqualTo("alice");
  }

  @Test
  void nobodyLocksAnotherOutAndNoNameIsTold() {
    var proxy = cluster().proxy();
    var keys = KeyPairs.generate();
    for (var i = 0; i < 5; i++) {
      for (var name : List.of("alice", "nobody")) {
        var guess = from("198.51.100." + i, Cluster.login(name, "wrong", keys));
        assertThatThrownBy(() -> proxy.login(guess)).hasMessage(LoginService.REFUSED);
      }
    }
    assertThat(proxy.login(Cluster.login("alice", Cluster.PASSWORD, keys)).user())
        .isEqualTo("alice");
    failFiveTimes(proxy, "alice");
    failFiveTimes(proxy, "nobody");
    for (var name : List.of("alice", "nobody")) {
      assertThatThrownBy(() -> proxy.login(Cluster.login(name, Cluster.PASSWORD, keys)))
          .hasMessage(LoginService.BRAKED);
    }
  }

  @Test
  void lockedUserIsToldOnlyWithTheRightPassword() throws IOException {
    var admin = cluster().admin();
    var login = cluster().signIn("alice");
    var locked =
        new UserStatus(true, Optional.empty(), Optional.of("audit pending"), Optional.empty());
    admin.update(((User) admin.get(Kind.USER, "alice")).withStatus(locked));
    var proxy = cluster().proxy();
    var keys = KeyPairs.generate();
    assertThatThrownBy(() -> proxy.login(Cluster.login("alice", Cluster.PASSWORD, keys)))
        .hasMessageContaining("audit pending");
    assertThatThrownBy(() -> proxy.login(Cluster.login("alice", "wrong", keys)))
        .hasMessage(LoginService.REFUSED);
    refused(() -> cluster().client(login).databases(), ErrorKind.ACCESS_DENIED);
  }

  @Test
  void sessionLastsNoLongerThanItsShortestRole() throws IOException {
    var brief =
        new Role(
            Metadata.named("brief"),
            Role.CURRENT_VERSION,
            new RoleOptions(Duration.ofHours(1), Map.of()),
            RoleConditions.NONE,
            RoleConditions.NONE);
    var admin = cluster().admin();
    admin.create(brief, false);
    admin.updateUser(
        "alice", new UpdateUserRequest(Optional.of(List.of("access", "brief")), Optional.empty()));
    var keys = KeyPairs.generate();
    var result = cluster().proxy().login(Cluster.login("alice", Cluster.PASSWORD, keys));
    assertThat(result.validUntil()).isEqualTo(Cluster.START.plus(Duration.ofHours(1)));
  }

  @Test
  void linkWorksOnceAndOnlyInTime() throws IOException {
    var admin = cluster().admin();
    var proxy = cluster().proxy();
    var invite = admin.createUser(create("bob"));
    assertThat(invite.url().reveal())
        .matches("https://proxy\\.example\\.com:443/web/invite/[0-9a-f]{32}");
    var token = Cluster.token(invite);
    assertThat(proxy.invite(token).user()).isEqualTo("bob");
    refused(() -> setPassword(proxy, token, "short"), ErrorKind.BAD_PARAMETER);
    refused(() -> setPassword(proxy, token, "é".repeat(65)), ErrorKind.BAD_PARAMETER);
    setPassword(proxy, token, Cluster.PASSWORD);
    refused(() -> setPassword(proxy, token, "another password"), ErrorKind.NOT_FOUND);
    refused(() -> proxy.invite(token), ErrorKind.NOT_FOUND);
    assertThat(cluster().signIn("bob")).isNotNull();

    var late = Cluster.token(admin.createUser(create("carol")));
    cluster().pass(Duration.ofHours(1));
    refused(() -> proxy.invite(late), ErrorKind.NOT_FOUND);
    refused(() -> setPassword(proxy, late, Cluster.PASSWORD), ErrorKind.NOT_FOUND);
  }

  @Test
  void nobodyChoosesABreachedPassword(@TempDir Path other) throws IOException {
    // The SHA-1 of "password123456", as the downloaded list has it.
    var list = other.resolve("list.txt");
    Files.writeString(list, "98A16C09B0759E63EF7DF53592724E8EEDDB953A:27\n");
    try (var guarded = new Cluster(other.resolve("data"), Optional.empty(), Optional.of(list))) {
      var proxy = guarded.proxy();
      var token = Cluster.token(guarded.admin().createUser(create("bob")));
      assertThatThrownBy(() -> setPassword(proxy, token, "password123456"))
          .hasMessageContaining("known from a data breach");
      setPassword(proxy, token, Cluster.PASSWORD);
      assertThat(guarded.signIn("bob")).isNotNull();
    }
    var nowhere = Optional.of(other.resolve("nowhere"));
    assertThatThrownBy(() -> new Cluster(other.resolve("more"), Optional.empty(), nowhere))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere can't be used");
  }

  @Test
  void resetEndsPasswordAndOlderLinksAndDeletionEndsAll() throws IOException {
    var admin = cluster().admin();
    var proxy = cluster().proxy();
    var first = Cluster.token(admin.resetUser("alice", new ResetUserRequest(Optional.empty())));
    var second = Cluster.token(admin.resetUser("alice", new ResetUserRequest(Optional.empty())));
    var keys = KeyPairs.generate();
    assertThatThrownBy(() -> proxy.login(Cluster.login("alice", Cluster.PASSWORD, keys)))
        .hasMessage(LoginService.REFUSED);
    refused(() -> setPassword(proxy, first, Cluster.PASSWORD), ErrorKind.NOT_FOUND);
    assertThat(proxy.invite(second).kind()).isEqualTo("reset");
    admin.delete(Kind.USER, "alice");
    refused(() -> setPassword(proxy, second, Cluster.PASSWORD), ErrorKind.NOT_FOUND);
    var again = Cluster.token(admin.createUser(create("alice")));
    assertThatThrownBy(() -> proxy.login(Cluster.login("alice", Cluster.PASSWORD, keys)))
        .hasMessage(LoginService.REFUSED);
    setPassword(proxy, again, Cluster.PASSWORD);
  }

  @Test
  void kindsOfTokensAreNotInterchangeable() throws IOException {
    var admin = cluster().admin();
    var proxy = cluster().proxy();
    var invite = Cluster.token(admin.createUser(create("bob")));
    var join =
        admin
            .createToken(
                new CreateTokenRequest(
                    List.of("db"), Optional.empty(), Optional.empty(), List.of()))
            .metadata()
            .name();
    var keys = KeyPairs.generate();
    refused(
        () -> proxy.join(Cluster.joining(Secret.of(invite), "Db", keys)), ErrorKind.ACCESS_DENIED);
    refused(() -> proxy.invite(join), ErrorKind.NOT_FOUND);
    refused(() -> setPassword(proxy, join, Cluster.PASSWORD), ErrorKind.NOT_FOUND);
    refused(() -> proxy.invite("../invites/" + invite), ErrorKind.NOT_FOUND);
  }

  @Test
  void userNeedsExistingRolesAndAFreeName() throws IOException {
    var admin = cluster().admin();
    assertThatThrownBy(() ->
            admin.createUser(
                new CreateUserRequest("bob", List.of("nope"), Map.of(), Optional.empty())))
        .hasMessage("role nope is not found");
    refused(() -> admin.get(Kind.USER, "bob"), ErrorKind.NOT_FOUND);
    assertThatThrownBy(() -> admin.createUser(create("alice")))
        .hasMessage("user \"alice\" already exists");
    refused(() -> admin.createUser(create("a/b")), ErrorKind.BAD_PARAMETER);
  }

  @Test
  void administratorSignsForPrograms() throws IOException {
    var keys = KeyPairs.generate();
    var month = Optional.of(Duration.ofDays(30));
    var pem = Pem.encode(keys.getPublic());
    var admin = cluster().admin();
    var signed = admin.signUser(new SignUserRequest("alice", month, pem));
    assertThat(signed.validUntil()).isEqualTo(Cluster.START.plus(Duration.ofDays(30)));
    refused(() -> admin.signUser(new SignUserRequest("nobody", month, pem)), ErrorKind.NOT_FOUND);
    refused(
        () -> admin.signUser(new SignUserRequest("alice", Optional.of(Duration.ofDays(366)), pem)),
        ErrorKind.BAD_PARAMETER);
  }

  private static void failFiveTimes(ControlClient proxy, String user) {
    var wrong = Cluster.login(user, "wrong", KeyPairs.generate());
    for (var i = 0; i < 5; i++) {
      refused(() -> proxy.login(wrong), ErrorKind.ACCESS_DENIED);
    }
  }

  private static LoginRequest from(String address, LoginRequest login) {
    return new LoginRequest(
        login.user(),
        login.password(),
        Optional.empty(),
        login.publicKey(),
        Optional.empty(),
        address);
  }

  private static CreateUserRequest create(String name) {
    return new CreateUserRequest(name, List.of("access"), Map.of(), Optional.empty());
  }

  private static void setPassword(ControlClient proxy, String token, String password) {
    proxy.setPassword(token, new SetPasswordRequest(Secret.of(password), "192.0.2.1"));
  }

  private Cluster cluster() {
    return running.orElseThrow();
  }
}
