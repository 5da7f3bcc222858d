package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.AuthJoin;
import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ChangePasswordRequest;
import dev.sallyport.control.ConsoleApproval;
import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleFactor;
import dev.sallyport.control.ConsoleSignIn;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleStartRequest;
import dev.sallyport.control.ConsoleStarted;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.EndWebSessionRequest;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.MfaClient;
import dev.sallyport.control.MfaProof;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.SealedAnswer;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.WebCertificateRequest;
import dev.sallyport.control.WebJoinRequest;
import dev.sallyport.control.WebSignInRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of secret, ticket and challenge that the cluster gives out, and names that are no
/// secrets, at every door that takes one: each opens its own and no other.
@Tag("S3")
@Tag("S10")
final class SecretDoorsTest {
  private static final String ADDRESS = "192.0.2.1";
  private static final Secret PASSWORD = Secret.of(Cluster.PASSWORD);
  private static final Duration STEP = Duration.ofSeconds(30);
  private static final String NEXT_PASSWORD = "another horse battery";

  @TempDir Path folder = Path.of("never");
  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final List<String> links = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private final Map<String, App> apps = new LinkedHashMap<>();
  private final KeyPair sealing = KeyPairs.generate();
  private Optional<Open> open = Optional.empty();

  /// The cluster, and who asks.
  private record Open(Cluster cluster, ControlClient admin, ControlClient proxy, MfaClient mfa) {}

  @BeforeEach
  void start() throws Exception {
    var cluster = new Cluster(folder, Optional.of(Cluster.factors(false, false)));
    var proxy = cluster.proxy();
    var app = enroll(cluster, invite(cluster, "alice"));
    apps.put("alice", app);
    cluster.pass(Duration.ofMinutes(1));
    var keys = KeyPairs.generate();
    var certificate = proxy.login(login(keys, PASSWORD, Optional.of(app.code()))).certificate();
    var identity = new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(certificate)));
    open = Optional.of(new Open(cluster, cluster.admin(), proxy, cluster.client(identity).mfa()));
    cluster.pass(Duration.ofMinutes(1));
  }

  @AfterEach
  void stop() {
    open().cluster().close();
  }

  private Open open() {
    return open.orElseThrow();
  }

  /// Each secret's own doors. The last may use it up.
  private static final Map<String, List<String>> OWN =
      Map.ofEntries(
          Map.entry("request of a tool", List.of("look at a request", "sign in to a request")),
          Map.entry("ticket of a request", List.of("approve a request")),
          Map.entry("secret of a request", List.of("call a request off")),
          Map.entry("ticket of a second factor", List.of("ticket of a proof")),
          Map.entry("code of an app", List.of("code of a sign-in", "code of a proof")),
          Map.entry("join token of a Db", List.of("join as Db")),
          Map.entry("join token of a Proxy", List.of("join as Proxy at Auth", "join as Proxy")),
          Map.entry("invite", List.of("look at a link", "enroll behind a link", "use a link")),
          Map.entry("reset link", List.of("look at a link", "enroll behind a link", "use a link")),
          Map.entry("registration behind a link", List.of("device behind its link")),
          Map.entry("registration of a user", List.of("device of a user")),
          Map.entry("web session", List.of("web certificate")),
          Map.entry("password", List.of("password of a web sign-in", "password of a change")));

  /// What opens nothing as it is: challenges want a key's answer, and the rest is no secret.
  private static final Set<String> NONE =
      Set.of(
          "join token as it is shown",
          "secret of an app",
          "challenge of a sign-in",
          "challenge for a passkey",
          "challenge of a user",
          "name of a role",
          "name of a user",
          "id of a host",
          "pin of the cluster");

  private static final Set<String> USES_A_CODE =
      Set.of(
          "code of a proof",
          "sign in to a request",
          "password of a web sign-in",
          "password of a change");

  /// Looking at a password takes a while, so a few that people could mix up must do.
  private static final Set<String> LOOKS_LIKE_A_PASSWORD =
      Set.of("password", "code of an app", "join token of a Db", "invite", "web session");

  @Test
  void everySecretOpensItsOwnDoorAndNoOther() throws Exception {
    make();
    assertThat(secrets.keySet())
        .containsAll(OWN.keySet())
        .containsAll(NONE)
        .hasSize(OWN.size() + NONE.size());
    for (var kind : List.copyOf(secrets.keySet())) {
      var own = OWN.getOrDefault(kind, List.of());
      unbrake();
      for (var door : doors(kind).entrySet()) {
        if (!own.contains(door.getKey())) {
          assertThatThrownBy(door.getValue())
              .as(kind + " → " + door.getKey())
              .isInstanceOf(ControlException.class);
        }
      }
      if (!kind.equals("web session")) {
        // Whatever is not known has ended, and ends nothing else.
        open().proxy().endWebSession(new EndWebSessionRequest(secret(kind), ADDRESS));
      }
    }
    unbrake();
    for (var kind : List.copyOf(secrets.keySet()).reversed()) {
      for (var door : OWN.getOrDefault(kind, List.of())) {
        if (USES_A_CODE.contains(door)) {
          open().cluster().pass(STEP);
          secrets.put("code of an app", app("alice").code().reveal());
        }
        assertThatCode(doors(kind).get(door)).as(kind + " → " + door).doesNotThrowAnyException();
      }
    }
  }

  @Test
  void aSecretThatIsOverOpensNothing() throws Exception {
    var cluster = open().cluster();
    secrets.put("old join token", token("Db"));
    secrets.put("old invite", invite(cluster, "old"));
    cluster.pass(Duration.ofHours(2));
    links.add(invite(cluster, "erin"));
    secrets.put("deleted join token", token("Db"));
    open().admin().delete(Kind.TOKEN, secrets.getOrDefault("deleted join token", ""));
    secrets.put("used invite", invite(cluster, "used"));
    open().proxy().setPassword(text("used invite"), new SetPasswordRequest(PASSWORD, ADDRESS));
    var reset = new ResetUserRequest(Optional.empty());
    secrets.put("replaced link", Cluster.token(open().admin().resetUser("used", reset)));
    var _ = open().admin().resetUser("used", reset);
    var session = session();
    secrets.put("ended web session", session.reveal());
    open().proxy().endWebSession(new EndWebSessionRequest(session, ADDRESS));
    requests.add(begin().id());
    secrets.put("rejected request", begin().id());
    open().proxy().console().reject(text("rejected request"));
    for (var kind : List.copyOf(secrets.keySet())) {
      unbrake();
      for (var door : doors(kind).entrySet()) {
        assertThatThrownBy(door.getValue())
            .as(kind + " → " + door.getKey())
            .isInstanceOf(ControlException.class);
      }
    }
  }

  /// One of each kind. What lives shortest comes last, and is used first.
  private void make() throws Exception {
    var cluster = open().cluster();
    cluster.user("carol", "access");
    secrets.put("password", Cluster.PASSWORD);
    secrets.put("web session", session().reveal());
    cluster.pass(STEP);
    var proof = MfaProof.totp(app("alice").code());
    put("registration of a user", open().mfa().begin(new BeginDeviceRequest("totp", proof)));
    secrets.put("join token of a Db", token("Db"));
    secrets.put("join token of a Proxy", token("Proxy"));
    secrets.put("join token as it is shown", shown());
    secrets.put("invite", invite(cluster, "bob"));
    var reset = open().admin().resetUser("carol", new ResetUserRequest(Optional.empty()));
    secrets.put("reset link", Cluster.token(reset));
    links.add(invite(cluster, "dave"));
    var behind = open().proxy().enroll(links.getLast(), new EnrollRequest("totp", ADDRESS));
    put("registration behind a link", behind);
    secrets.put("secret of an app", behind.totp().orElseThrow().secret().reveal());
    secrets.put("challenge of a sign-in", challenge("alice", false));
    secrets.put("challenge for a passkey", challenge("", true));
    secrets.put("challenge of a user", open().mfa().challenge().id());
    secrets.put("name of a role", "access");
    secrets.put("name of a user", "alice");
    secrets.put("id of a host", cluster.join(SystemRole.DB).hostId());
    secrets.put("pin of the cluster", cluster.auth().trust().pins().getFirst().toString());
    var other = begin();
    var waiting = begin();
    requests.addAll(List.of(waiting.id(), other.id()));
    secrets.put("secret of a request", other.secret().reveal());
    secrets.put("ticket of a request", ticket(waiting.id()));
    secrets.put("request of a tool", waiting.id());
    secrets.put("ticket of a second factor", confirmedFactor());
    cluster.pass(STEP);
    secrets.put("code of an app", app("alice").code().reveal());
  }

  private void put(String kind, Enrollment enrollment) {
    secrets.put(kind, enrollment.id());
    apps.put(kind, App.of(enrollment, open().cluster().clock));
  }

  /// Everything that takes a secret, by what it does with one.
  private Map<String, ThrowingCallable> doors(String kind) {
    var doors = new LinkedHashMap<String, ThrowingCallable>();
    joining(doors, kind);
    linked(doors, kind);
    requests(doors, kind);
    proving(doors, kind);
    if (LOOKS_LIKE_A_PASSWORD.contains(kind)) {
      passwords(doors, kind);
    }
    return doors;
  }

  private void joining(Map<String, ThrowingCallable> doors, String kind) {
    for (var role : List.of("Db", "Proxy")) {
      var request = Cluster.joining(secret(kind), role, KeyPairs.generate());
      doors.put("join as " + role, () -> open().proxy().join(request));
    }
    doors.put(
        "join as Proxy at Auth",
        () -> {
          var keys = KeyPairs.generate();
          var cluster = open().cluster();
          var at = new ControlEndpoint("127.0.0.1", cluster.auth().boundPort());
          Set<CaPin> pins = Set.copyOf(cluster.auth().trust().pins());
          var key = Pem.encode(keys.getPublic());
          try (var door = new AuthJoin(at, keys, pins, cluster.clock, new SecureRandom())) {
            door.join(new WebJoinRequest(secret(kind), "Proxy", key, Optional.empty(), "node"));
          }
        });
  }

  private void linked(Map<String, ThrowingCallable> doors, String kind) {
    var proxy = open().proxy();
    var key = Pem.encode(sealing.getPublic());
    doors.put(
        "web certificate",
        () -> proxy.webCertificate(new WebCertificateRequest(secret(kind), key, ADDRESS)));
    doors.put("look at a link", () -> proxy.invite(text(kind)));
    doors.put(
        "enroll behind a link", () -> proxy.enroll(text(kind), new EnrollRequest("totp", ADDRESS)));
    doors.put(
        "device behind its link",
        () ->
            proxy.setPassword(
                links.getFirst(),
                new SetPasswordRequest(PASSWORD, ADDRESS, Optional.of(answer(kind)))));
    doors.put(
        "use a link",
        () -> proxy.setPassword(text(kind), new SetPasswordRequest(PASSWORD, ADDRESS)));
  }

  private void passwords(Map<String, ThrowingCallable> doors, String kind) {
    var proxy = open().proxy();
    var keys = KeyPairs.generate();
    var code = Optional.of(app("alice").code());
    doors.put(
        "password of a sign-in", () -> proxy.login(login(keys, secret(kind), Optional.empty())));
    doors.put(
        "code of a sign-in", () -> proxy.login(login(keys, PASSWORD, Optional.of(secret(kind)))));
    doors.put(
        "password of a web sign-in",
        () ->
            proxy.webSignIn(
                new WebSignInRequest("alice", secret(kind), code, Optional.empty(), ADDRESS)));
    doors.put(
        "password of a proof",
        () -> open().mfa().begin(new BeginDeviceRequest("totp", MfaProof.password(secret(kind)))));
    doors.put(
        "password of a change",
        () ->
            open()
                .mfa()
                .changePassword(
                    new ChangePasswordRequest(
                        secret(kind), Secret.of(NEXT_PASSWORD), MfaProof.totp(code.get()))));
  }

  private void requests(Map<String, ThrowingCallable> doors, String kind) {
    var console = open().proxy().console();
    doors.put("look at a request", () -> console.info(text(kind)));
    doors.put("sign in to a request", () -> signIn(text(kind)));
    doors.put(
        "approve a request",
        () -> console.approve(requests.getFirst(), new ConsoleApproval(secret(kind), ADDRESS)));
    doors.put(
        "call a request off",
        () -> console.cancel(requests.getLast(), new ConsoleCancel(secret(kind))));
  }

  private void proving(Map<String, ThrowingCallable> doors, String kind) {
    var mfa = open().mfa();
    doors.put(
        "code of a proof",
        () -> mfa.begin(new BeginDeviceRequest("totp", MfaProof.totp(secret(kind)))));
    doors.put(
        "ticket of a proof",
        () -> mfa.begin(new BeginDeviceRequest("totp", MfaProof.ticket(secret(kind)))));
    doors.put("device of a user", () -> mfa.finish(answer(kind)));
  }

  private EnrollmentAnswer answer(String kind) {
    var app = Optional.ofNullable(apps.get(kind)).orElse(app("alice"));
    return new EnrollmentAnswer(
        text(kind), "a " + kind.length() + " device", Optional.of(app.code()), Optional.empty());
  }

  private String confirmedFactor() throws Exception {
    var cluster = open().cluster();
    var mfa = open().mfa();
    cluster.pass(STEP);
    var proof = MfaProof.totp(app("alice").code());
    var key = new SoftKey();
    mfa.finish(key.register(mfa.begin(new BeginDeviceRequest("webauthn", proof)), "key"));
    var console = open().proxy().console();
    var started = mfa.startConsole(wish());
    var challenge = open().proxy().beginLogin(new LoginBeginRequest("alice", false, ADDRESS));
    var signed =
        new ConsoleSignIn(
            "alice", Secret.of(""), Optional.empty(), Optional.of(key.answer(challenge)), ADDRESS);
    var ticket = console.signIn(started.id(), signed).ticket();
    var answer = console.approve(started.id(), new ConsoleApproval(ticket, ADDRESS));
    var redirect = answer.redirect().reveal();
    var sealed = redirect.substring(redirect.indexOf('=') + 1);
    var opened =
        SealedAnswer.open(sealed, sealing.getPrivate(), SealedAnswer.salt(started.secret()));
    return ControlJson.ANSWERS
        .readValue(opened.orElseThrow(), ConsoleFactor.class)
        .ticket()
        .reveal();
  }

  private ConsoleStarted begin() {
    return open().proxy().console().start(new ConsoleStartRequest(wish(), ADDRESS));
  }

  private ConsoleStart wish() {
    return new ConsoleStart(
        Optional.of("alice"),
        Optional.of(Pem.encode(sealing.getPublic())),
        Optional.empty(),
        4711,
        Pem.encode(sealing.getPublic()),
        new ConsoleStart.ConsoleClient("tsh 1.0.0", "laptop", "Linux amd64", "tsh login"));
  }

  private String ticket(String request) {
    open().cluster().pass(STEP);
    return signIn(request);
  }

  private String signIn(String request) {
    var code = Optional.of(app("alice").code());
    var signIn = new ConsoleSignIn("alice", PASSWORD, code, Optional.empty(), ADDRESS);
    return open().proxy().console().signIn(request, signIn).ticket().reveal();
  }

  private Secret session() {
    open().cluster().pass(STEP);
    var code = Optional.of(app("alice").code());
    var request = new WebSignInRequest("alice", PASSWORD, code, Optional.empty(), ADDRESS);
    return open().proxy().webSignIn(request).session();
  }

  private String challenge(String user, boolean passwordless) {
    return open().proxy().beginLogin(new LoginBeginRequest(user, passwordless, ADDRESS)).id();
  }

  private static LoginRequest login(KeyPair keys, Secret password, Optional<Secret> code) {
    var key = Pem.encode(keys.getPublic());
    return new LoginRequest("alice", password, code, key, Optional.empty(), ADDRESS);
  }

  private static App enroll(Cluster cluster, String link) {
    var begun = cluster.proxy().enroll(link, new EnrollRequest("totp", ADDRESS));
    var app = App.of(begun, cluster.clock);
    var device = Optional.of(app.answer(begun, "phone"));
    cluster.proxy().setPassword(link, new SetPasswordRequest(PASSWORD, ADDRESS, device));
    return app;
  }

  private String token(String role) throws IOException {
    var request =
        new CreateTokenRequest(List.of(role), Optional.empty(), Optional.empty(), List.of("*"));
    return open().admin().createToken(request).metadata().name();
  }

  private String shown() {
    return open().admin().list(Kind.TOKEN, false).getFirst().metadata().name();
  }

  private static String invite(Cluster cluster, String user) throws IOException {
    var request = new CreateUserRequest(user, List.of("access"), Map.of(), Optional.empty());
    return Cluster.token(cluster.admin().createUser(request));
  }

  /// Failures before this one are no reason for a refusal.
  private void unbrake() {
    open().admin().update(open().admin().get(Kind.USER, "alice"));
  }

  private App app(String of) {
    return Optional.ofNullable(apps.get(of)).orElseThrow();
  }

  private String text(String kind) {
    return secrets.getOrDefault(kind, "never made");
  }

  private Secret secret(String kind) {
    return Secret.of(text(kind));
  }
}
