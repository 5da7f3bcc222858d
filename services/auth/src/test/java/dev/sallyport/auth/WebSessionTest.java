package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.auth.login.LoginService;
import dev.sallyport.auth.login.PasswordService;
import dev.sallyport.auth.web.WebSessions;
import dev.sallyport.control.ChangePasswordRequest;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.EndWebSessionRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.MfaProof;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.control.WebCertificate;
import dev.sallyport.control.WebCertificateRequest;
import dev.sallyport.control.WebSignInRequest;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import dev.sallyport.model.UserStatus;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions of the web UI: what a cookie is good for, and when it no longer is.
final class WebSessionTest {
  @TempDir Path folder;
  private Optional<Cluster> running = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    var cluster = new Cluster(folder);
    running = Optional.of(cluster);
    cluster.admin().create(Cluster.devRole("dev"), false);
    cluster.user("alice", "dev", "access");
    var agent = cluster.join(SystemRole.DB);
    cluster
        .client(agent.identity())
        .heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));
  }

  @AfterEach
  void stop() {
    cluster().close();
  }

  private Cluster cluster() {
    return running.orElseThrow();
  }

  private static WebSignInRequest request(String user, String password) {
    return new WebSignInRequest(
        user, Secret.of(password), Optional.empty(), Optional.empty(), "192.0.2.1");
  }

  private Secret signIn() {
    return cluster().proxy().webSignIn(request("alice", Cluster.PASSWORD)).session();
  }

  private WebCertificate certificate(Secret session, KeyPair keys) {
    return cluster()
        .proxy()
        .webCertificate(
            new WebCertificateRequest(session, Pem.encode(keys.getPublic()), "192.0.2.1"));
  }

  private ControlClient browser(Secret session) throws IOException {
    var keys = KeyPairs.generate();
    var certificate = certificate(session, keys).certificate();
    return cluster()
        .client(new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(certificate))));
  }

  private void ended(Secret session) {
    assertThatThrownBy(() -> certificate(session, KeyPairs.generate()))
        .hasMessage(WebSessions.NOT_SIGNED_IN);
  }

  @Test
  void aSessionGivesCertificatesOfFiveMinutesWhichSeeWhatTheUserSees() throws IOException {
    var session = signIn();
    assertThat(session.reveal()).matches("[A-Za-z0-9_-]{43}");
    var answer = certificate(session, KeyPairs.generate());
    assertThat(answer.validUntil()).isEqualTo(Cluster.START.plus(Duration.ofMinutes(5)));
    assertThat(answer.sessionEnds()).isEqualTo(Cluster.START.plus(AuthPreference.Idle.WEB_USUAL));
    assertThat(answer.sessionEndsAtLatest()).isEqualTo(Cluster.START.plus(Duration.ofHours(12)));
    assertThat(answer.user()).isEqualTo("alice");
    assertThat(answer.roles()).containsExactly("dev", "access");
    assertThat(browser(session).databases()).hasSize(1);
  }

  @Test
  void aWrongPasswordGetsTheAnswerOfEverySignIn() {
    var proxy = cluster().proxy();
    assertThatThrownBy(() -> proxy.webSignIn(request("alice", "wrong")))
        .hasMessage(LoginService.REFUSED);
    assertThatThrownBy(() -> proxy.webSignIn(request("nobody", Cluster.PASSWORD)))
        .hasMessage(LoginService.REFUSED);
  }

  @Test
  void itsCertificateOpensNoDatabaseAndNoOtherDoor() throws IOException {
    var session = signIn();
    var browser = browser(session);
    var keys = KeyPairs.generate();
    refused(
        () -> browser.databaseCert(Cluster.forDatabase("orders", keys)), ErrorKind.ACCESS_DENIED);
    refused(() -> browser.list(Kind.ROLE, false), ErrorKind.ACCESS_DENIED);
    refused(
        () -> browser.resetUser("alice", new ResetUserRequest(Optional.empty())),
        ErrorKind.ACCESS_DENIED);
    refused(() -> browser.webSignIn(request("alice", Cluster.PASSWORD)), ErrorKind.ACCESS_DENIED);
  }

  @Test
  void onlyTheProxyTurnsASessionIntoACertificate() throws IOException {
    var session = signIn();
    var keys = KeyPairs.generate();
    var wanted = new WebCertificateRequest(session, Pem.encode(keys.getPublic()), "192.0.2.1");
    var others =
        List.of(
            cluster().client(cluster().signIn("alice")),
            cluster().client(cluster().join(SystemRole.DB).identity()),
            browser(session));
    for (var other : others) {
      refused(() -> other.webCertificate(wanted), ErrorKind.ACCESS_DENIED);
    }
  }

  @Test
  void signingOutEndsItAtOnceForEveryCertificate() throws IOException {
    var session = signIn();
    var other = signIn();
    var browser = browser(session);
    var second = browser(session);
    assertThat(browser.databases()).hasSize(1);
    cluster().proxy().endWebSession(new EndWebSessionRequest(session, "192.0.2.1"));
    refused(browser::databases, ErrorKind.ACCESS_DENIED);
    refused(second::databases, ErrorKind.ACCESS_DENIED);
    ended(session);
    assertThat(browser(other).databases()).hasSize(1);
    cluster().proxy().endWebSession(new EndWebSessionRequest(Secret.of("no"), "192.0.2.1"));
  }

  @Test
  void itEndsWhenItIsIdleAndUseKeepsItOpenButNotBeyondTheSignIn() throws IOException {
    var session = signIn();
    var idle = signIn();
    var almost = AuthPreference.Idle.WEB_USUAL.minusSeconds(1);
    cluster().pass(almost);
    assertThat(certificate(session, KeyPairs.generate()).user()).isEqualTo("alice");
    cluster().pass(almost);
    ended(idle);
    for (var at = almost.multipliedBy(2); at.compareTo(Duration.ofHours(12)) < 0; ) {
      assertThat(certificate(session, KeyPairs.generate()).user()).isEqualTo("alice");
      cluster().pass(almost);
      at = at.plus(almost);
    }
    ended(session);
  }

  @Test
  void theClusterSaysWhenItIsIdle() throws IOException {
    var usual = AuthPreference.DEFAULT;
    var brief =
        new AuthPreference.Idle(
            Optional.empty(), Optional.empty(), Optional.of(Duration.ofMinutes(5)));
    cluster()
        .admin()
        .create(
            new AuthPreference(
                usual.metadata(),
                usual.signIn(),
                usual.secondFactors(),
                new AuthPreference.Sessions(
                    Duration.ofHours(12), false, usual.sessions().lockingMode(), false, brief),
                Optional.empty(),
                Map.of()),
            true);
    var session = signIn();
    cluster().pass(Duration.ofMinutes(5).minusSeconds(1));
    assertThat(certificate(session, KeyPairs.generate()).user()).isEqualTo("alice");
    cluster().pass(Duration.ofMinutes(5));
    ended(session);
  }

  @Test
  void aCertificateEndsWithTheSession() {
    var session = signIn();
    for (var i = 0; i < 25; i++) {
      certificate(session, KeyPairs.generate());
      cluster()
          .pass(i < 24 ? AuthPreference.Idle.WEB_USUAL.minusMinutes(1) : Duration.ofMinutes(22));
    }
    assertThat(certificate(session, KeyPairs.generate()).validUntil())
        .isEqualTo(Cluster.START.plus(Duration.ofHours(12)));
  }

  @Test
  void itEndsWithThePasswordTheUserAndTheLock() throws IOException {
    var admin = cluster().admin();
    var session = signIn();
    var browser = browser(session);
    var token = Cluster.token(admin.resetUser("alice", new ResetUserRequest(Optional.empty())));
    refused(browser::databases, ErrorKind.ACCESS_DENIED);
    ended(session);
    cluster()
        .proxy()
        .setPassword(token, new SetPasswordRequest(Secret.of(Cluster.PASSWORD), "192.0.2.1"));
    ended(session);

    var locked = signIn();
    var open = browser(locked);
    var status =
        new UserStatus(true, Optional.empty(), Optional.of("audit pending"), Optional.empty());
    var alice = (User) admin.get(Kind.USER, "alice");
    admin.update(alice.withStatus(status));
    refused(open::databases, ErrorKind.ACCESS_DENIED);
    assertThatThrownBy(() -> certificate(locked, KeyPairs.generate()))
        .hasMessageContaining("audit pending");

    cluster().user("bob", "dev");
    var bobs = cluster().proxy().webSignIn(request("bob", Cluster.PASSWORD)).session();
    admin.delete(Kind.USER, "bob");
    ended(bobs);
    cluster().pass(Duration.ofSeconds(1));
    cluster().user("bob", "dev");
    ended(bobs);
  }

  @Test
  void aUserWhoProvesThePasswordChangesItAndEveryBrowserIsSignedOut() throws IOException {
    var session = signIn();
    var browser = browser(session);
    var current = Secret.of(Cluster.PASSWORD);
    var next = Secret.of("another long password");
    assertThatThrownBy(() -> browser.mfa().changePassword(change(Secret.of("wrong"), next)))
        .hasMessage(PasswordService.REFUSED);
    refused(() -> browser.mfa().changePassword(change(current, current)), ErrorKind.BAD_PARAMETER);
    refused(
        () -> browser.mfa().changePassword(change(current, Secret.of("short"))),
        ErrorKind.BAD_PARAMETER);
    assertThat(browser.databases()).hasSize(1);
    browser.mfa().changePassword(change(current, next));
    refused(browser::databases, ErrorKind.ACCESS_DENIED);
    ended(session);
    assertThatThrownBy(() -> cluster().proxy().webSignIn(request("alice", Cluster.PASSWORD)))
        .hasMessage(LoginService.REFUSED);
    assertThat(cluster().proxy().webSignIn(request("alice", next.reveal())).user())
        .isEqualTo("alice");
  }

  private static ChangePasswordRequest change(Secret current, Secret next) {
    return new ChangePasswordRequest(current, next, MfaProof.NONE);
  }

  @Test
  void aRoleThatWasTakenAwayIsGoneFromTheSessionAtOnce() throws IOException {
    var session = signIn();
    var browser = browser(session);
    assertThat(browser.databases()).hasSize(1);
    cluster()
        .admin()
        .updateUser(
            "alice", new UpdateUserRequest(Optional.of(List.of("access")), Optional.empty()));
    assertThat(certificate(session, KeyPairs.generate()).roles()).containsExactly("access");
  }

  @Test
  void theStateHoldsNoSecretOfASession() throws IOException {
    var session = signIn();
    browser(session).databases();
    cluster().auth().close();
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(session.reveal());
      }
    }
  }
}
