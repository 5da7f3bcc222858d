package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.DatabaseCert;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.MfaProof;
import dev.sallyport.control.RemoveDeviceRequest;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Kind;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.Route;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A role that wants a second factor for each session: asked for anew, for as long as the role
/// says, and good for no other key.
final class SessionFactorTest {
  private static final Duration INTERVAL = Duration.ofMinutes(3);

  @TempDir Path folder = Path.of("never");
  private Optional<Cluster> running = Optional.empty();
  private Optional<ControlClient> alice = Optional.empty();
  private Optional<App> phone = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    var cluster = new Cluster(folder, Optional.of(Cluster.factors(false, false)));
    running = Optional.of(cluster);
    cluster.admin().create(careful(), false);
    cluster.admin().create(Cluster.devRole("dev"), false);
    cluster.user("alice", "dev", "careful");
    var agent = cluster.join(SystemRole.DB);
    cluster
        .client(agent.identity())
        .heartbeat(
            Cluster.heartbeat(Cluster.database("prod", "prod"), Cluster.database("dev", "dev")));
    var client = cluster.client(cluster.signIn("alice"));
    alice = Optional.of(client);
    var proof = MfaProof.password(Secret.of(Cluster.PASSWORD));
    var begun = client.mfa().begin(new BeginDeviceRequest("totp", proof));
    var app = App.of(begun, cluster.clock);
    phone = Optional.of(app);
    client.mfa().finish(app.answer(begun, "phone"));
    cluster.pass(Duration.ofMinutes(1));
  }

  @AfterEach
  void stop() {
    cluster().close();
  }

  @Test
  void proofGivesAShortCertificateThatNamesTheDevice() throws Exception {
    var keys = KeyPairs.generate();
    refused(() -> ask("prod", keys, Optional.empty(), Optional.empty()), ErrorKind.MFA_REQUIRED);
    refused(
        () -> ask("prod", keys, Optional.empty(), Optional.of(MfaProof.totp(phone().wrongCode()))),
        ErrorKind.ACCESS_DENIED);
    refused(
        () -> ask("prod", keys, Optional.empty(), Optional.of(MfaProof.NONE)),
        ErrorKind.ACCESS_DENIED);
    refused(
        () ->
            ask(
                "prod",
                keys,
                Optional.empty(),
                Optional.of(MfaProof.password(Secret.of(Cluster.PASSWORD)))),
        ErrorKind.ACCESS_DENIED);
    var code = MfaProof.totp(phone().code());
    var certificate = ask("prod", keys, Optional.empty(), Optional.of(code));
    var device = alice().mfa().devices().getFirst().id();
    assertThat(route(certificate).mfaDevice()).contains(device);
    assertThat(certificate.validUntil()).isEqualTo(now().plus(INTERVAL));
    refused(() -> ask("prod", keys, Optional.empty(), Optional.of(code)), ErrorKind.ACCESS_DENIED);
  }

  @Test
  void databaseOfAnotherRoleNeedsNone() throws Exception {
    var certificate = ask("dev", KeyPairs.generate(), Optional.empty(), Optional.empty());
    assertThat(route(certificate).mfaDevice()).isEmpty();
    assertThat(certificate.validUntil()).isEqualTo(Cluster.START.plus(Duration.ofHours(12)));
  }

  @Test
  void renewalKeepsTheFactorForItsOwnKeyAndNoLonger() throws Exception {
    var keys = KeyPairs.generate();
    var code = MfaProof.totp(phone().code());
    var first = ask("prod", keys, Optional.empty(), Optional.of(code));
    cluster().pass(Duration.ofMinutes(1));
    var again = ask("prod", keys, Optional.of(first.certificate()), Optional.empty());
    assertThat(again.sessionId()).isEqualTo(first.sessionId());
    assertThat(route(again).mfaDevice()).isEqualTo(route(first).mfaDevice());
    assertThat(again.validUntil()).isEqualTo(first.validUntil());
    // The old certificate in other hands gives nothing.
    refused(
        () -> ask("prod", KeyPairs.generate(), Optional.of(first.certificate()), Optional.empty()),
        ErrorKind.MFA_REQUIRED);
    // Nor does one whose factor was for something else.
    refused(
        () -> ask("dev", keys, Optional.of(first.certificate()), Optional.empty()),
        ErrorKind.ACCESS_DENIED);
    cluster().pass(Duration.ofMinutes(2));
    refused(
        () -> ask("prod", keys, Optional.of(first.certificate()), Optional.empty()),
        ErrorKind.MFA_REQUIRED);
    var renewed =
        ask(
            "prod",
            KeyPairs.generate(),
            Optional.of(first.certificate()),
            Optional.of(MfaProof.totp(phone().code())));
    assertThat(renewed.validUntil()).isEqualTo(now().plus(INTERVAL));
  }

  /// Though they show the certificate, and have the key, of the user who had their name.
  @Test
  void whoIsMadeAnewInheritsNoFactor() throws Exception {
    var keys = KeyPairs.generate();
    var old = ask("prod", keys, Optional.empty(), Optional.of(MfaProof.totp(phone().code())));
    var session = ask("dev", keys, Optional.empty(), Optional.empty());
    cluster().admin().delete(Kind.USER, "alice");
    cluster().pass(Duration.ofSeconds(1));
    cluster().user("alice", "dev", "careful");
    alice = Optional.of(cluster().client(cluster().signIn("alice")));
    refused(
        () -> ask("prod", keys, Optional.of(old.certificate()), Optional.empty()),
        ErrorKind.MFA_REQUIRED);
    assertThat(ask("dev", keys, Optional.of(session.certificate()), Optional.empty()).sessionId())
        .isNotEqualTo(session.sessionId());
  }

  @Test
  void deviceOfTheSignInIsNoProofForASession() throws Exception {
    cluster().pass(Duration.ofMinutes(1));
    var keys = KeyPairs.generate();
    var login = Cluster.login("alice", Cluster.PASSWORD, keys);
    var result =
        cluster()
            .proxy()
            .login(
                new LoginRequest(
                    login.user(),
                    login.password(),
                    Optional.of(phone().code()),
                    login.publicKey(),
                    Optional.empty(),
                    login.clientAddress()));
    var identity =
        (UserIdentity) ClaimedIdentity.of(Pem.certificate(result.certificate())).identity();
    assertThat(identity.mfaDevice()).isPresent();
    var client =
        cluster()
            .client(
                new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(result.certificate()))));
    refused(
        () -> client.databaseCert(Cluster.forDatabase("prod", KeyPairs.generate())),
        ErrorKind.MFA_REQUIRED);
  }

  @Test
  void clusterThatAsksItOfEverySessionAsksItForEveryDatabase() throws Exception {
    var admin = cluster().admin();
    var known = (AuthPreference) admin.get(Kind.CLUSTER_AUTH_PREFERENCE, AuthPreference.NAME);
    admin.create(
        Cluster.factors(false, true).withMetadata(known.metadata()),
        new WriteMode(true, true, false));
    refused(
        () -> ask("dev", KeyPairs.generate(), Optional.empty(), Optional.empty()),
        ErrorKind.MFA_REQUIRED);
    var code = MfaProof.totp(phone().code());
    assertThat(
            route(ask("dev", KeyPairs.generate(), Optional.empty(), Optional.of(code))).mfaDevice())
        .isPresent();
  }

  @Test
  void removedDeviceProvesNothingMore() {
    alice()
        .mfa()
        .remove(
            alice().mfa().devices().getFirst().id(),
            new RemoveDeviceRequest(MfaProof.totp(phone().code())));
    cluster().pass(Duration.ofMinutes(1));
    refused(
        () ->
            ask(
                "prod",
                KeyPairs.generate(),
                Optional.empty(),
                Optional.of(MfaProof.totp(phone().code()))),
        ErrorKind.ACCESS_DENIED);
  }

  private DatabaseCert ask(
      String database, KeyPair keys, Optional<String> renews, Optional<MfaProof> proof) {
    return alice()
        .databaseCert(
            new DatabaseCertRequest(
                database,
                "ReadOnly",
                Optional.empty(),
                Pem.encode(keys.getPublic()),
                renews,
                proof));
  }

  private static Route route(DatabaseCert certificate) throws Exception {
    var identity =
        (UserIdentity) ClaimedIdentity.of(Pem.certificate(certificate.certificate())).identity();
    return identity.route().orElseThrow();
  }

  private static Role careful() {
    return new Role(
        Metadata.named("careful"),
        Role.CURRENT_VERSION,
        new RoleOptions(
            RoleOptions.MAX_SESSION_TTL,
            Optional.empty(),
            false,
            true,
            Optional.of(INTERVAL),
            Optional.empty(),
            0,
            false,
            false,
            Map.of()),
        new RoleConditions(
            new LabelSelector(Map.of("env", List.of("prod"))), List.of("ReadOnly"), List.of()),
        RoleConditions.NONE);
  }

  private Instant now() {
    return cluster().clock.instant();
  }

  private ControlClient alice() {
    return alice.orElseThrow();
  }

  private App phone() {
    return phone.orElseThrow();
  }

  private Cluster cluster() {
    return running.orElseThrow();
  }
}
