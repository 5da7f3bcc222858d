package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.SoftKey.Bend;
import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.MfaProof;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.WebauthnAnswer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.model.User;
import dev.sallyport.model.UserStatus;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;

/// Keys and passkeys: each thing that a key or its browser says, bent alone, is refused.
final class KeySignInTest {
  private static final String ADDRESS = "192.0.2.1";

  @TempDir Path folder = Path.of("never");
  private Optional<Cluster> running = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    running = Optional.of(new Cluster(folder, Optional.of(Cluster.factors(false, false))));
  }

  @AfterEach
  void stop() {
    cluster().close();
  }

  @Test
  void honestKeySignsInAndEveryLieIsRefused() throws Exception {
    var key = invited("alice", "webauthn");
    var challenge = begin("alice");
    assertThat(challenge.webauthn().orElseThrow().get("allowCredentials").get(0).get("id"))
        .isEqualTo(ControlJson.MAPPER.createArrayNode().add(key.credentialId()).get(0));
    var honest = Bend.honest();
    for (var lie :
        List.of(
            honest.origin("https://evil.example.com"),
            honest.origin("http://proxy.example.com"),
            honest.origin("https://proxy.example.com:444"),
            honest.rpId("evil.example.com"),
            honest.challenge("AAAA"),
            honest.type("webauthn.create"),
            honest.absent())) {
      refusedEach(() -> login("alice", key.answer(challenge, lie)));
    }
    refusedEach(() -> login("alice", key.forged(challenge)));
    refusedEach(() -> login("alice", new SoftKey().answer(challenge)));
    refusedEach(() -> login("bob", key.answer(challenge)));
    var right = key.answer(challenge);
    assertThat(login("alice", right).user()).isEqualTo("alice");
    // Neither the answer nor the challenge is good for another use.
    refusedEach(() -> login("alice", right));
    refusedEach(() -> login("alice", key.answer(challenge)));
    // A counter that goes back is a copied key's.
    refusedEach(() -> login("alice", key.answer(begin("alice"), honest.count(-5))));
    var late = begin("alice");
    cluster().pass(Duration.ofMinutes(5));
    refusedEach(() -> login("alice", key.answer(late)));
    assertThat(login("alice", key.answer(begin("alice"), honest.count(20))).user())
        .isEqualTo("alice");
  }

  @Test
  void challengeOfAnotherPurposeOrUserIsRefused() throws Exception {
    var key = invited("alice", "passkey");
    invited("bob", "webauthn");
    var anybody = cluster().proxy().beginLogin(new LoginBeginRequest("", true, ADDRESS));
    refusedEach(() -> login("alice", key.answer(anybody)));
    refusedEach(() -> login("alice", key.answer(begin("bob"))));
    refusedEach(() -> passwordless(key.answer(begin("alice"))));
    assertThat(passwordless(key.answer(anybody)).user()).isEqualTo("alice");
  }

  @Test
  void passkeyAloneSignsInOnlyWhenItVerifiedItsHolder() throws Exception {
    var passkey = invited("alice", "passkey");
    var key = invited("bob", "webauthn");
    refusedEach(() -> passwordless(passkey.answer(anybody(), Bend.honest().unverified())));
    refusedEach(() -> passwordless(passkey.answer(anybody(), Bend.honest().absent())));
    refusedEach(() -> passwordless(passkey.forged(anybody())));
    refusedEach(() -> passwordless(key.answer(anybody())));
    refusedEach(() -> passwordless(new SoftKey().answer(anybody())));
    assertThat(passwordless(passkey.answer(anybody(), Bend.honest().count(9))).user())
        .isEqualTo("alice");
    cluster().admin().delete(Kind.USER, "alice");
    refusedEach(() -> passwordless(passkey.answer(anybody(), Bend.honest().count(20))));
  }

  @Test
  void registrationLooksAtWhatTheBrowserSays() throws Exception {
    var invite =
        cluster()
            .admin()
            .createUser(
                new CreateUserRequest("alice", List.of("access"), Map.of(), Optional.empty()));
    var proxy = cluster().proxy();
    var token = Cluster.token(invite);
    var begun = proxy.enroll(token, new EnrollRequest("passkey", ADDRESS));
    var honest = Bend.honest();
    for (var lie :
        List.of(
            honest.origin("https://evil.example.com"),
            honest.rpId("evil.example.com"),
            honest.challenge("AAAA"),
            honest.type("webauthn.other"),
            honest.absent(),
            honest.unverified())) {
      var answer = new SoftKey().register(begun, "key", lie);
      refused(
          () ->
              proxy.setPassword(
                  token,
                  new SetPasswordRequest(
                      Secret.of(Cluster.PASSWORD), ADDRESS, Optional.of(answer))),
          ErrorKind.BAD_PARAMETER);
    }
    var right = new SoftKey().register(begun, "key");
    proxy.setPassword(
        token, new SetPasswordRequest(Secret.of(Cluster.PASSWORD), ADDRESS, Optional.of(right)));
  }

  @Test
  void keyOfSomebodyElseIsNotRegisteredAgain() throws Exception {
    var key = invited("alice", "webauthn");
    cluster().user("bob", "access");
    var mfa = cluster().client(cluster().signIn("bob")).mfa();
    var proof = MfaProof.password(Secret.of(Cluster.PASSWORD));
    var begun = mfa.begin(new BeginDeviceRequest("webauthn", proof));
    refused(() -> mfa.finish(key.register(begun, "stolen")), ErrorKind.COMPARE_FAILED);
  }

  @Test
  void anyJsonIsRefusedWithoutAnError() throws Exception {
    var key = invited("alice", "webauthn");
    var random = new Random(11);
    var challenge = begin("alice");
    var text = ControlJson.text(key.answer(challenge).credential());
    for (var i = 0; i < 60; i++) {
      var bent = new StringBuilder(text);
      for (var n = random.nextInt(4) + 1; n > 0; n--) {
        bent.setCharAt(random.nextInt(bent.length()), (char) (32 + random.nextInt(95)));
      }
      if (i % 8 == 0) {
        openBrake();
      }
      assertThat(outcome(challenge.id(), bent.toString())).isNotEqualTo(ErrorKind.INTERNAL.name());
    }
  }

  /// Some letters mean nothing, so that a few answers are still right.
  private String outcome(String challenge, String text) {
    try {
      var json = ControlJson.MAPPER.readTree(text);
      return login("alice", new WebauthnAnswer(challenge, json)).user();
    } catch (JacksonException e) {
      return "no JSON";
    } catch (ControlException e) {
      return e.kind().name();
    }
  }

  /// As an administrator does.
  private void openBrake() throws IOException {
    var admin = cluster().admin();
    admin.update(((User) admin.get(Kind.USER, "alice")).withStatus(UserStatus.OPEN));
  }

  private interface Try {
    Object run() throws Exception;
  }

  private int refusals;

  /// Refused, and the brake forgets it before it slows what follows.
  private void refusedEach(Try attempt) throws IOException {
    cluster().pass(Duration.ofSeconds(1));
    if (++refusals % 8 == 0) {
      openBrake();
    }
    refused(
        () -> {
          try {
            attempt.run();
          } catch (ControlException e) {
            throw e;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        },
        ErrorKind.ACCESS_DENIED);
  }

  private int address;

  private LoginResult login(String user, WebauthnAnswer answer) {
    return cluster().proxy().login(request(user, Cluster.PASSWORD, answer));
  }

  private LoginResult passwordless(WebauthnAnswer answer) {
    return cluster().proxy().login(request("", "", answer));
  }

  /// From another address each time, so that the brake stays out of the way.
  private LoginRequest request(String user, String password, WebauthnAnswer answer) {
    address++;
    return new LoginRequest(
        user,
        Secret.of(password),
        Optional.empty(),
        Pem.encode(KeyPairs.generate().getPublic()),
        Optional.empty(),
        "198.51." + address / 250 + "." + address % 250,
        Optional.of(answer),
        Optional.empty());
  }

  private MfaChallenge begin(String user) {
    return cluster().proxy().beginLogin(new LoginBeginRequest(user, false, ADDRESS));
  }

  private MfaChallenge anybody() {
    return cluster().proxy().beginLogin(new LoginBeginRequest("", true, ADDRESS));
  }

  private SoftKey invited(String user, String kind) throws Exception {
    var invite =
        cluster()
            .admin()
            .createUser(new CreateUserRequest(user, List.of("access"), Map.of(), Optional.empty()));
    var token = Cluster.token(invite);
    var key = new SoftKey();
    var begun = cluster().proxy().enroll(token, new EnrollRequest(kind, ADDRESS));
    cluster()
        .proxy()
        .setPassword(
            token,
            new SetPasswordRequest(
                Secret.of(Cluster.PASSWORD), ADDRESS, Optional.of(key.register(begun, "key"))));
    return key;
  }

  private Cluster cluster() {
    return running.orElseThrow();
  }
}
