package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.auth.login.FactorCheck;
import dev.sallyport.auth.login.LoginService;
import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ChangePasswordRequest;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.MfaDevice;
import dev.sallyport.control.MfaProof;
import dev.sallyport.control.RemoveDeviceRequest;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Secret;
import dev.sallyport.model.User;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Codes from an app: registered behind a link, asked for at sign-in and before changes.
final class SecondFactorTest {
  private static final String ADDRESS = "192.0.2.1";

  @TempDir Path folder = Path.of("never");
  private Optional<Cluster> running = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    running = Optional.of(new Cluster(folder, Optional.of(Cluster.factors(false, false))));
  }

  @AfterEach
  void stop() {
    cluster().close();
  }

  @Test
  void codeIsAskedForFromTheFirstSignInOn() throws Exception {
    var app = invited("alice");
    refused(() -> login(Cluster.PASSWORD, Optional.empty()), ErrorKind.ACCESS_DENIED);
    refused(() -> login(Cluster.PASSWORD, Optional.of(Secret.of(""))), ErrorKind.ACCESS_DENIED);
    refused(() -> login(Cluster.PASSWORD, Optional.of(app.wrongCode())), ErrorKind.ACCESS_DENIED);
    refused(() -> login("wrong password!", Optional.of(app.code())), ErrorKind.ACCESS_DENIED);
    // The code that registered the app is used up.
    refused(() -> login(Cluster.PASSWORD, Optional.of(app.code())), ErrorKind.ACCESS_DENIED);
    cluster().pass(Duration.ofMinutes(21));
    var identity = login(Cluster.PASSWORD, Optional.of(app.code()));
    var device = devices().getFirst();
    assertThat(identity.mfaDevice()).contains(device.id());
    assertThat(device.kind()).isEqualTo("totp");
    assertThat(device.lastUsed()).contains(cluster().clock.instant());
    // Nor is a code taken twice at sign-in.
    refused(() -> login(Cluster.PASSWORD, Optional.of(app.code())), ErrorKind.ACCESS_DENIED);
    assertThat(log())
        .contains("\"event\":\"mfa.add\"")
        .contains("\"mfa_device\":{\"mfa_device_name\":\"phone\"")
        .contains("wrong or used code");
  }

  @Test
  void whatASignInHasToAnswerTellsNothingAboutTheName() throws IOException {
    invited("alice");
    cluster().user("bob", "access");
    var known = cluster().proxy().beginLogin(new LoginBeginRequest("alice", false, ADDRESS));
    for (var name : List.of("bob", "nobody", "../x", "")) {
      var begun = cluster().proxy().beginLogin(new LoginBeginRequest(name, false, ADDRESS));
      var again = cluster().proxy().beginLogin(new LoginBeginRequest(name, false, ADDRESS));
      assertThat(begun.required()).isEqualTo(known.required());
      assertThat(begun.totp()).isEqualTo(known.totp());
      var keys = begun.webauthn().orElseThrow().get("allowCredentials");
      assertThat(keys.size()).isBetween(1, 3);
      assertThat(keys).isEqualTo(again.webauthn().orElseThrow().get("allowCredentials"));
      assertThat(begun.webauthn().orElseThrow().propertyNames())
          .isEqualTo(known.webauthn().orElseThrow().propertyNames());
    }
  }

  @Test
  void keysOfNamesThatHaveNoneDifferInNumberAndLengthAsRealOnesDo() {
    var counts = new HashSet<Integer>();
    var lengths = new HashSet<Integer>();
    for (var i = 0; i < 60; i++) {
      var begun = cluster().proxy().beginLogin(new LoginBeginRequest("no" + i, false, ADDRESS));
      var keys = begun.webauthn().orElseThrow().get("allowCredentials");
      counts.add(keys.size());
      keys.forEach(
          key -> lengths.add(Base64.getUrlDecoder().decode(key.get("id").asString()).length));
    }
    assertThat(counts).contains(1, 2);
    assertThat(lengths).contains(16, 20, 32, 64);
  }

  @Test
  void manyGuessesAtOnceAreNoMoreThanOneAfterTheOther() throws Exception {
    var app = invited("alice");
    cluster().pass(Duration.ofMinutes(1));
    var mfa = cluster().client(signIn(app)).mfa();
    var wrong = new BeginDeviceRequest("totp", MfaProof.totp(app.wrongCode()));
    var kinds = new ConcurrentLinkedQueue<ErrorKind>();
    try (var threads = Executors.newFixedThreadPool(32)) {
      for (var i = 0; i < 64; i++) {
        threads.execute(() -> {
          try {
            mfa.begin(wrong);
          } catch (ControlException e) {
            kinds.add(e.kind());
          }
        });
      }
    }
    assertThat(kinds)
        .hasSize(64)
        .contains(ErrorKind.LIMIT_EXCEEDED)
        .filteredOn(ErrorKind.ACCESS_DENIED::equals)
        .hasSizeBetween(1, 5);
  }

  @Test
  void rightPasswordDoesNotMakeGuessingCodesFree() throws Exception {
    var app = invited("alice");
    cluster().pass(Duration.ofMinutes(1));
    var client = cluster().client(signIn(app));
    var wrong =
        new ChangePasswordRequest(
            Secret.of(Cluster.PASSWORD),
            Secret.of("another horse battery"),
            MfaProof.totp(app.wrongCode()));
    for (var i = 0; i < 5; i++) {
      refused(() -> client.mfa().changePassword(wrong), ErrorKind.ACCESS_DENIED);
    }
    refused(() -> client.mfa().changePassword(wrong), ErrorKind.LIMIT_EXCEEDED);
  }

  @Test
  void linkRegistersPasswordAndDeviceTogetherOrNeither() throws IOException {
    var proxy = cluster().proxy();
    var token =
        Cluster.token(
            cluster()
                .admin()
                .createUser(
                    new CreateUserRequest("alice", List.of("access"), Map.of(), Optional.empty())));
    assertThat(proxy.invite(token).deviceKinds()).containsExactly("webauthn", "passkey", "totp");
    refused(
        () -> proxy.enroll(token, new EnrollRequest("carrier pigeon", ADDRESS)),
        ErrorKind.BAD_PARAMETER);
    var begun = proxy.enroll(token, new EnrollRequest("totp", ADDRESS));
    var app = App.of(begun, cluster().clock);
    var password = Secret.of(Cluster.PASSWORD);
    var wrong = app.answer(begun, "phone");
    var badCode =
        new EnrollmentAnswer(wrong.id(), "phone", Optional.of(app.wrongCode()), Optional.empty());
    refused(
        () ->
            proxy.setPassword(
                token, new SetPasswordRequest(password, ADDRESS, Optional.of(badCode))),
        ErrorKind.BAD_PARAMETER);
    refused(
        () ->
            proxy.setPassword(
                token,
                new SetPasswordRequest(
                    Secret.of("short"), ADDRESS, Optional.of(app.answer(begun, "phone")))),
        ErrorKind.BAD_PARAMETER);
    // What was begun behind one link is of no use behind another.
    var other =
        Cluster.token(
            cluster()
                .admin()
                .createUser(
                    new CreateUserRequest("bob", List.of("access"), Map.of(), Optional.empty())));
    refused(
        () ->
            proxy.setPassword(
                other,
                new SetPasswordRequest(password, ADDRESS, Optional.of(app.answer(begun, "phone")))),
        ErrorKind.BAD_PARAMETER);
    var right = new SetPasswordRequest(password, ADDRESS, Optional.of(app.answer(begun, "phone")));
    proxy.setPassword(token, right);
    refused(() -> proxy.setPassword(token, right), ErrorKind.NOT_FOUND);
    refused(() -> proxy.enroll(token, new EnrollRequest("totp", ADDRESS)), ErrorKind.NOT_FOUND);
  }

  @Test
  void devicesChangeOnlyWithASecondFactor() throws Exception {
    var app = invited("alice");
    cluster().pass(Duration.ofMinutes(1));
    var mfa = cluster().client(signIn(app)).mfa();
    var phone = mfa.devices().getFirst();
    for (var proof :
        List.of(
            MfaProof.NONE,
            MfaProof.totp(app.code()),
            MfaProof.password(Secret.of(Cluster.PASSWORD)),
            MfaProof.ticket(Secret.of("none")))) {
      assertThatThrownBy(() -> mfa.begin(new BeginDeviceRequest("totp", proof)))
          .hasMessage(FactorCheck.REFUSED);
    }
    cluster().pass(Duration.ofMinutes(1));
    var begun = mfa.begin(new BeginDeviceRequest("totp", MfaProof.totp(app.code())));
    var tablet = App.of(begun, cluster().clock);
    refused(() -> mfa.finish(tablet.answer(begun, "phone")), ErrorKind.ALREADY_EXISTS);
    refused(() -> mfa.finish(tablet.answer(begun, " ")), ErrorKind.BAD_PARAMETER);
    var added = mfa.finish(tablet.answer(begun, "tablet"));
    refused(() -> mfa.finish(tablet.answer(begun, "tablet 2")), ErrorKind.COMPARE_FAILED);
    assertThat(mfa.devices()).hasSize(2);
    cluster().pass(Duration.ofMinutes(1));
    refused(
        () -> mfa.remove(phone.id(), new RemoveDeviceRequest(MfaProof.NONE)),
        ErrorKind.ACCESS_DENIED);
    mfa.remove(phone.id(), new RemoveDeviceRequest(MfaProof.totp(tablet.code())));
    assertThat(mfa.devices()).extracting(MfaDevice::id).containsExactly(added.id());
    cluster().pass(Duration.ofMinutes(1));
    refused(() -> login(Cluster.PASSWORD, Optional.of(app.code())), ErrorKind.ACCESS_DENIED);
    assertThat(login(Cluster.PASSWORD, Optional.of(tablet.code())).mfaDevice())
        .contains(added.id());
    assertThat(log())
        .contains("\"event\":\"mfa.delete\"")
        .contains("\"event\":\"mfa_auth_challenge.validate\",\"code\":\"T1016I\"")
        .contains("\"event\":\"mfa_auth_challenge.validate\",\"code\":\"T1016W\"");
    assertThat(log().lines().filter(line -> line.contains("mfa.delete") || line.contains("T1016")))
        .hasSizeGreaterThan(5)
        .allMatch(line -> line.contains("\"addr.remote\":\"127.0.0.1\""));
  }

  @Test
  void whoHasNoDeviceAddsTheFirstWithThePassword() throws IOException {
    cluster().user("bob", "access");
    var mfa = cluster().client(cluster().signIn("bob")).mfa();
    refused(
        () -> mfa.begin(new BeginDeviceRequest("totp", MfaProof.NONE)), ErrorKind.ACCESS_DENIED);
    var proof = MfaProof.password(Secret.of(Cluster.PASSWORD));
    var begun = mfa.begin(new BeginDeviceRequest("totp", proof));
    mfa.finish(App.of(begun, cluster().clock).answer(begun, "phone"));
    refused(() -> cluster().signIn("bob"), ErrorKind.ACCESS_DENIED);
  }

  @Test
  void guessingASecondFactorIsBraked() throws Exception {
    var app = invited("alice");
    cluster().pass(Duration.ofMinutes(1));
    var mfa = cluster().client(signIn(app)).mfa();
    cluster().pass(Duration.ofMinutes(1));
    var wrong = new BeginDeviceRequest("totp", MfaProof.totp(app.wrongCode()));
    for (var i = 0; i < 5; i++) {
      refused(() -> mfa.begin(wrong), ErrorKind.ACCESS_DENIED);
    }
    assertThatThrownBy(() -> mfa.begin(new BeginDeviceRequest("totp", MfaProof.totp(app.code()))))
        .hasMessage(LoginService.BRAKED);
  }

  @Test
  void whereOneIsRequiredNobodyDoesWithout(@TempDir Path other) throws Exception {
    try (var strict = new Cluster(other, Optional.of(Cluster.factors(true, false)))) {
      var proxy = strict.proxy();
      var created =
          strict
              .admin()
              .createUser(
                  new CreateUserRequest("carol", List.of("access"), Map.of(), Optional.empty()));
      var token = Cluster.token(created);
      assertThat(proxy.invite(token).deviceRequired()).isTrue();
      var password = Secret.of(Cluster.PASSWORD);
      refused(
          () -> proxy.setPassword(token, new SetPasswordRequest(password, ADDRESS)),
          ErrorKind.BAD_PARAMETER);
      var begun = proxy.enroll(token, new EnrollRequest("totp", ADDRESS));
      var app = App.of(begun, strict.clock);
      proxy.setPassword(
          token,
          new SetPasswordRequest(password, ADDRESS, Optional.of(app.answer(begun, "phone"))));
      var keys = KeyPairs.generate();
      assertThatThrownBy(() -> proxy.login(Cluster.login("carol", Cluster.PASSWORD, keys)))
          .hasMessage(LoginService.REFUSED_WITH_FACTOR);
      strict.pass(Duration.ofMinutes(1));
      var login = Cluster.login("carol", Cluster.PASSWORD, keys);
      var result =
          proxy.login(
              new LoginRequest(
                  "carol",
                  login.password(),
                  Optional.of(app.code()),
                  login.publicKey(),
                  Optional.empty(),
                  ADDRESS));
      var client =
          strict.client(
              new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(result.certificate()))));
      strict.pass(Duration.ofMinutes(1));
      refused(
          () ->
              client
                  .mfa()
                  .remove(
                      client.mfa().devices().getFirst().id(),
                      new RemoveDeviceRequest(MfaProof.totp(app.code()))),
          ErrorKind.BAD_PARAMETER);
      assertThat(client.mfa().devices()).hasSize(1);
    }
  }

  @Test
  void resetForgetsTheDevices() throws Exception {
    invited("alice");
    var link = cluster().admin().resetUser("alice", new ResetUserRequest(Optional.empty()));
    cluster()
        .proxy()
        .setPassword(
            Cluster.token(link), new SetPasswordRequest(Secret.of(Cluster.PASSWORD), ADDRESS));
    assertThat(cluster().client(cluster().signIn("alice")).mfa().devices()).isEmpty();
    assertThat(log()).contains("\"event\":\"mfa.delete\"");
  }

  @Test
  void userOfTheNameOfOneWhoExpiredInheritsNothing() throws Exception {
    var admin = cluster().admin();
    for (var asResource : List.of(true, false)) {
      var app = invited("alice");
      var alice = (User) admin.get(Kind.USER, "alice");
      var soon = cluster().clock.instant().plus(Duration.ofMinutes(1));
      admin.update(alice.withMetadata(alice.metadata().withExpires(Optional.of(soon))));
      cluster().pass(Duration.ofMinutes(2));
      if (asResource) {
        admin.create(
            new User(Metadata.named("alice"), List.of("access"), Map.of(), Optional.empty()), true);
      } else {
        admin.createUser(
            new CreateUserRequest("alice", List.of("access"), Map.of(), Optional.empty()));
      }
      assertThat(devices()).isEmpty();
      refused(() -> login(Cluster.PASSWORD, Optional.empty()), ErrorKind.ACCESS_DENIED);
      refused(() -> login(Cluster.PASSWORD, Optional.of(app.code())), ErrorKind.ACCESS_DENIED);
      admin.delete(Kind.USER, "alice");
    }
  }

  private App invited(String user) throws IOException {
    var invite =
        cluster()
            .admin()
            .createUser(new CreateUserRequest(user, List.of("access"), Map.of(), Optional.empty()));
    var token = Cluster.token(invite);
    var begun = cluster().proxy().enroll(token, new EnrollRequest("totp", ADDRESS));
    var app = App.of(begun, cluster().clock);
    cluster()
        .proxy()
        .setPassword(
            token,
            new SetPasswordRequest(
                Secret.of(Cluster.PASSWORD), ADDRESS, Optional.of(app.answer(begun, "phone"))));
    return app;
  }

  private UserIdentity login(String password, Optional<Secret> code) throws Exception {
    var keys = KeyPairs.generate();
    var result = cluster().proxy().login(request(password, code, keys));
    return (UserIdentity) ClaimedIdentity.of(Pem.certificate(result.certificate())).identity();
  }

  private TlsIdentity signIn(App app) throws IOException {
    var keys = KeyPairs.generate();
    var result = cluster().proxy().login(request(Cluster.PASSWORD, Optional.of(app.code()), keys));
    return new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(result.certificate())));
  }

  private static LoginRequest request(String password, Optional<Secret> code, KeyPair keys) {
    return new LoginRequest(
        "alice",
        Secret.of(password),
        code,
        Pem.encode(keys.getPublic()),
        Optional.empty(),
        ADDRESS);
  }

  private List<MfaDevice> devices() throws IOException {
    return cluster().client(certificateOf("alice")).mfa().devices();
  }

  /// A sign-in certificate that an administrator signs for a program.
  private TlsIdentity certificateOf(String user) throws IOException {
    var keys = KeyPairs.generate();
    var signed =
        cluster()
            .admin()
            .signUser(new SignUserRequest(user, Optional.empty(), Pem.encode(keys.getPublic())));
    return new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(signed.certificate())));
  }

  private String log() {
    return Recorded.in(folder);
  }

  private Cluster cluster() {
    return running.orElseThrow();
  }
}
