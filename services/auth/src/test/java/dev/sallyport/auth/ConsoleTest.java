package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ConsoleApproval;
import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleFactor;
import dev.sallyport.control.ConsoleSignIn;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleStartRequest;
import dev.sallyport.control.ConsoleStarted;
import dev.sallyport.control.ConsoleTicket;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.MfaProof;
import dev.sallyport.control.SealedAnswer;
import dev.sallyport.model.Secret;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tool signs in through a browser: one answer, to that tool, by somebody who proved themselves
/// to that very page.
final class ConsoleTest {
  private static final String TOOL_ADDRESS = "192.0.2.7";
  private static final String BROWSER_ADDRESS = "198.51.100.9";

  @TempDir Path folder = Path.of("never");
  private Optional<Cluster> running = Optional.empty();
  private final KeyPair login = KeyPairs.generate();
  private final KeyPair sealing = KeyPairs.generate();

  @BeforeEach
  void start() throws Exception {
    running = Optional.of(new Cluster(folder, Optional.of(Cluster.factors(false, false))));
    cluster().user("alice", "access");
    cluster().user("bob", "access");
  }

  @AfterEach
  void stop() {
    cluster().close();
  }

  @Test
  void approvalBringsTheToolItsLoginAndNobodyElse() throws Exception {
    var started = begin(Optional.empty());
    assertThat(started.page()).isEqualTo("/web/login?console=" + started.id());
    var info = cluster().proxy().console().info(started.id());
    assertThat(info.kind()).isEqualTo("login");
    assertThat(info.address()).isEqualTo(TOOL_ADDRESS);
    assertThat(info.client().host()).isEqualTo("laptop");
    assertThat(info.expires()).isEqualTo(Cluster.START.plus(Duration.ofMinutes(3)));
    var answer = approve(started, ticket(started, "alice"));
    assertThat(answer).startsWith("http://127.0.0.1:4711/callback?response=");
    var sealed = answer.substring(answer.indexOf('=') + 1);
    var salt = SealedAnswer.salt(started.secret());
    assertThat(SealedAnswer.open(sealed, KeyPairs.generate().getPrivate(), salt)).isEmpty();
    assertThat(
            SealedAnswer.open(
                sealed, sealing.getPrivate(), SealedAnswer.salt(Secret.of("another"))))
        .isEmpty();
    var opened = SealedAnswer.open(sealed, sealing.getPrivate(), salt).orElseThrow();
    var result = ControlJson.ANSWERS.readValue(opened, LoginResult.class);
    var certificate = Pem.certificate(result.certificate());
    assertThat(certificate.getPublicKey()).isEqualTo(login.getPublic());
    var identity = (UserIdentity) ClaimedIdentity.of(certificate).identity();
    assertThat(identity.user()).isEqualTo("alice");
    assertThat(identity.loginAddress()).contains(TOOL_ADDRESS);
  }

  @Test
  void requestIsAnsweredOnce() {
    var started = begin(Optional.empty());
    var ticket = ticket(started, "alice");
    approve(started, ticket);
    gone(started, ticket);
  }

  @Test
  void rejectedRequestStaysRejectedThoughTheApprovalComesLater() {
    var started = begin(Optional.empty());
    var ticket = ticket(started, "alice");
    assertThat(cluster().proxy().console().reject(started.id()).redirect().reveal())
        .isEqualTo("http://127.0.0.1:4711/callback?error=rejected");
    gone(started, ticket);
  }

  @Test
  void requestThatWasCalledOffOrIsTooOldIsGone() {
    var started = begin(Optional.empty());
    var ticket = ticket(started, "alice");
    refused(
        () ->
            cluster()
                .proxy()
                .console()
                .cancel(started.id(), new ConsoleCancel(Secret.of("a guess"))),
        ErrorKind.NOT_FOUND);
    cluster().proxy().console().cancel(started.id(), new ConsoleCancel(started.secret()));
    gone(started, ticket);
    var late = begin(Optional.empty());
    var lateTicket = ticket(late, "alice");
    cluster().pass(Duration.ofMinutes(3));
    gone(late, lateTicket);
  }

  @Test
  void nobodyApprovesWithoutAProofForThisVeryRequest() {
    var one = begin(Optional.empty());
    var other = begin(Optional.empty());
    var ticket = ticket(other, "alice");
    refused(() -> approve(one, ticket), ErrorKind.NOT_FOUND);
    refused(
        () -> approve(one, new ConsoleTicket(Secret.of("guess"), "alice", Cluster.START)),
        ErrorKind.NOT_FOUND);
    refused(() -> signIn(one, "alice", "wrong password!"), ErrorKind.ACCESS_DENIED);
    refused(() -> signIn(one, "nobody", Cluster.PASSWORD), ErrorKind.ACCESS_DENIED);
    assertThat(approve(other, ticket)).contains("response=");
    assertThat(approve(one, ticket(one, "alice"))).contains("response=");
  }

  @Test
  void requestForOneUserIsNotAnsweredByAnother() {
    var started = begin(Optional.of("alice"));
    refused(() -> signIn(started, "bob", Cluster.PASSWORD), ErrorKind.ACCESS_DENIED);
    assertThat(approve(started, ticket(started, "alice"))).contains("response=");
  }

  @Test
  void whatAToolAsksIsLookedAt() {
    for (var port : List.of(0, 80, 1023, 65_536, -1)) {
      refused(() -> begin(start(Optional.empty(), port, "laptop")), ErrorKind.BAD_PARAMETER);
    }
    refused(() -> begin(start(Optional.empty(), 4711, "a\nb")), ErrorKind.BAD_PARAMETER);
    refused(() -> begin(start(Optional.empty(), 4711, "x".repeat(129))), ErrorKind.BAD_PARAMETER);
    for (var id : List.of("x", "0".repeat(32), "../x")) {
      refused(() -> cluster().proxy().console().info(id), ErrorKind.NOT_FOUND);
    }
  }

  @Test
  void oneAddressDoesNotUseUpEverybodysRequests() {
    var start = start(Optional.empty(), 4711, "laptop");
    var console = cluster().proxy().console();
    for (var i = 0; i < 20; i++) {
      console.start(new ConsoleStartRequest(start, "2001:db8:1:2::" + i));
    }
    refused(
        () -> console.start(new ConsoleStartRequest(start, "2001:db8:1:2:ffff::1")),
        ErrorKind.LIMIT_EXCEEDED);
    console.start(new ConsoleStartRequest(start, "2001:db8:1:3::1"));
    cluster().pass(Duration.ofMinutes(4));
    console.start(new ConsoleStartRequest(start, "2001:db8:1:2:ffff::1"));
  }

  @Test
  void confirmedSecondFactorIsGoodForOneUseOfThatUser() throws Exception {
    var mfa = cluster().client(cluster().signIn("alice")).mfa();
    var begun =
        mfa.begin(
            new BeginDeviceRequest("webauthn", MfaProof.password(Secret.of(Cluster.PASSWORD))));
    var key = new SoftKey();
    mfa.finish(key.register(begun, "key"));
    var started = mfa.startConsole(start(Optional.empty(), 4711, "laptop"));
    assertThat(cluster().proxy().console().info(started.id()).user()).contains("alice");
    var challenge =
        cluster().proxy().beginLogin(new LoginBeginRequest("alice", false, BROWSER_ADDRESS));
    refused(() -> signIn(started, "alice", Cluster.PASSWORD), ErrorKind.ACCESS_DENIED);
    var ticket =
        cluster()
            .proxy()
            .console()
            .signIn(
                started.id(),
                new ConsoleSignIn(
                    "alice",
                    Secret.of(""),
                    Optional.empty(),
                    Optional.of(key.answer(challenge)),
                    BROWSER_ADDRESS));
    var answer = approve(started, ticket);
    var opened =
        SealedAnswer.open(
                answer.substring(answer.indexOf('=') + 1),
                sealing.getPrivate(),
                SealedAnswer.salt(started.secret()))
            .orElseThrow();
    var factor = ControlJson.ANSWERS.readValue(opened, ConsoleFactor.class);
    var bobs = cluster().client(cluster().signIn("bob")).mfa();
    var proof = MfaProof.ticket(factor.ticket());
    refused(() -> bobs.begin(new BeginDeviceRequest("totp", proof)), ErrorKind.ACCESS_DENIED);
    assertThat(mfa.begin(new BeginDeviceRequest("totp", proof)).totp()).isPresent();
    refused(() -> mfa.begin(new BeginDeviceRequest("totp", proof)), ErrorKind.ACCESS_DENIED);
  }

  private void gone(ConsoleStarted started, ConsoleTicket ticket) {
    var console = cluster().proxy().console();
    refused(() -> approve(started, ticket), ErrorKind.NOT_FOUND);
    refused(() -> signIn(started, "alice", Cluster.PASSWORD), ErrorKind.NOT_FOUND);
    refused(() -> console.info(started.id()), ErrorKind.NOT_FOUND);
    refused(() -> console.reject(started.id()), ErrorKind.NOT_FOUND);
    refused(
        () -> console.cancel(started.id(), new ConsoleCancel(started.secret())),
        ErrorKind.NOT_FOUND);
  }

  private ConsoleTicket ticket(ConsoleStarted started, String user) {
    return signIn(started, user, Cluster.PASSWORD);
  }

  private ConsoleTicket signIn(ConsoleStarted started, String user, String password) {
    return cluster()
        .proxy()
        .console()
        .signIn(
            started.id(),
            new ConsoleSignIn(
                user, Secret.of(password), Optional.empty(), Optional.empty(), BROWSER_ADDRESS));
  }

  private String approve(ConsoleStarted started, ConsoleTicket ticket) {
    return cluster()
        .proxy()
        .console()
        .approve(started.id(), new ConsoleApproval(ticket.ticket(), BROWSER_ADDRESS))
        .redirect()
        .reveal();
  }

  private ConsoleStarted begin(Optional<String> user) {
    return begin(start(user, 4711, "laptop"));
  }

  private ConsoleStarted begin(ConsoleStart start) {
    return cluster().proxy().console().start(new ConsoleStartRequest(start, TOOL_ADDRESS));
  }

  private ConsoleStart start(Optional<String> user, int port, String host) {
    return new ConsoleStart(
        user,
        Optional.of(Pem.encode(login.getPublic())),
        Optional.empty(),
        port,
        Pem.encode(sealing.getPublic()),
        new ConsoleStart.ConsoleClient("tsh 1.0.0", host, "Linux amd64", "tsh login"));
  }

  private Cluster cluster() {
    return running.orElseThrow();
  }
}
