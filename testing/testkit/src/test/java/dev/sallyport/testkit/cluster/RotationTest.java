package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.RenewHostRequest;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.clock.MovableClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The cluster changes the keys of its authorities while tunnels are open and in use.
class RotationTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration TUNNELS_LEARN = Duration.ofMinutes(4).plusSeconds(20);

  private static final Duration TUNNELS_LOOK = Duration.ofSeconds(16);
  private static final Duration THIRD = Duration.ofMinutes(10);

  private final MovableClock clock = MovableClock.ofThisMachine();
  @TempDir Path folder = Path.of("never");
  private AwsStandIn aws = AwsStandIn.start(AwsStandIn.Account.example(), clock);
  private TestCluster cluster;
  private Person alice;

  @BeforeEach
  void start() throws Exception {
    cluster = TestCluster.start(folder, aws, clock);
    alice = cluster.addPerson("alice", "access,aws-dynamodb-access");
    cluster.signIn(alice);
  }

  @AfterEach
  void stop() {
    cluster.close();
    aws.close();
  }

  /// Takes a step by hand, and waits until the agent has followed it.
  private void step(String type, String phase) {
    assertThat(
            cluster
                .tctl("auth", "rotate", "--manual", "--type=" + type, "--phase=" + phase)
                .orFail()
                .output())
        .isEqualTo(
            "Updated rotation phase to \"%s\". To check status use 'tctl status'\n"
                .formatted(phase));
    if (type.equals("host")) {
      awaitPhase(phase);
    }
  }

  private void awaitPhase(String phase) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(cluster.tctl("get", "db_servers").orFail().output())
                .contains("phase: " + phase));
  }

  private void tunnelsLearn(TunnelLoad load) {
    load.leap(clock, TUNNELS_LEARN);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(login().trust().hostAuthorities()).as("what tsh trusts").hasSize(2));
  }

  /// What tsh keeps of the login.
  private IdentityFile login() throws IOException {
    var keys = alice.home().resolve(".tsh").resolve("keys").resolve("127.0.0.1");
    var authorities = Pem.certificates(Files.readString(keys.resolve("certs.pem")));
    var identity =
        new TlsIdentity(
            Pem.privateKey(Files.readString(keys.resolve("alice.key"))),
            Pem.certificates(Files.readString(keys.resolve("alice.crt"))));
    return new IdentityFile(
        identity, dev.sallyport.pki.TrustBundle.ofHosts(TestCluster.NAME, authorities));
  }

  private IdentityFile admin() throws IOException {
    return IdentityFile.read(cluster.dataFolder().resolve("admin.pem"));
  }

  private IdentityFile agent() throws IOException {
    return IdentityFile.read(cluster.dataFolder().resolve("agent").resolve("identity.pem"));
  }

  private Person.Tunnel open() {
    return alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
  }

  private static void awaitWorks(URI endpoint) {
    try (var client = SdkClients.dynamoDbOnce(endpoint)) {
      await().atMost(SOON).untilAsserted(() -> assertThat(TunnelLoad.answer(client)).isEmpty());
    }
  }

  /// A tunnel that is opened now: every connection on its way is new.
  private void aNewTunnelWorks() {
    try (var tunnel = open()) {
      awaitWorks(tunnel.endpoint());
    }
  }

  private ControlClient atAuth(IdentityFile who) {
    var proxy = ControlEndpoint.parse(cluster.proxyAddress(), 3080);
    return new ControlClient(
        proxy, who.identity(), new IdentityVerifier(who::trust, clock), TestCluster.NAME);
  }

  private void refusedAtAuth(TlsIdentity who) throws IOException {
    try (var client = atAuth(new IdentityFile(who, admin().trust()))) {
      assertThatThrownBy(client::status).isInstanceOf(ControlException.class);
    }
  }

  private void refusedAtProxy(TlsIdentity who, String door) throws Exception {
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry("me", who.key(), new char[0], who.chain().toArray(X509Certificate[]::new));
    var managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), new TrustManager[] {PeerTrust.insecure()}, null);
    var proxy = URI.create("tls://" + cluster.proxyAddress());
    try (var socket =
        (SSLSocket) context.getSocketFactory().createSocket(proxy.getHost(), proxy.getPort())) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {door});
      socket.setSSLParameters(parameters);
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                throw new IOException("the end came after " + socket.getInputStream().read());
              })
          .hasMessageNotContaining("the end came after 0");
    }
  }

  @Test
  void hostsChangeTheirKeysUnderLoadAndTheOldOnesAreWorthNothingAfterwards() throws Exception {
    var oldAdmin = admin();
    var oldLogin = login();
    try (var tunnel = open();
        var load = TunnelLoad.start(cluster, tunnel.endpoint())) {
      step("host", "init");
      assertThat(cluster.tctl("status").orFail().output())
          .contains("in progress (mode: manual, phase: init)")
          .containsPattern("CA pin .*\nCA pin ");
      tunnelsLearn(load);
      load.goesOn();
      var oldAgent = agent();

      step("host", "update_clients");
      load.goesOn();
      assertThat(agent().identity().leaf()).isNotEqualTo(oldAgent.identity().leaf());
      step("host", "update_servers");
      load.goesOn();
      step("host", "standby");
      load.goesOn();
      load.allWorked();

      assertThat(cluster.tctl("status").orFail().output()).contains("standby (last rotated: ");
      for (var old : List.of(oldAgent.identity(), oldAdmin.identity())) {
        refusedAtAuth(old);
        refusedAtProxy(old, "teleport-reversetunnel");
      }
      try (var client = atAuth(oldLogin)) {
        assertThatThrownBy(client::status).hasMessageContaining("is not trusted");
      }
      try (var client = atAuth(agent())) {
        client.renewHost(new RenewHostRequest(Pem.encode(KeyPairs.generate().getPublic())));
      }
    }
    // What was signed with the old key before is still what was recorded.
    assertThat(cluster.tctl("audit", "verify").orFail().output())
        .contains("Everything is as it was recorded.");
    assertThat(cluster.tctl("audit", "search", "--type=cert_authority.rotate").orFail().output())
        .contains("cert_authority.rotate");
  }

  @Test
  void aRotationIsRolledBackUnderLoad() throws Exception {
    try (var tunnel = open();
        var load = TunnelLoad.start(cluster, tunnel.endpoint())) {
      var pin = cluster.caPin();
      step("host", "init");
      tunnelsLearn(load);
      step("host", "update_clients");
      load.goesOn();
      step("host", "update_servers");
      load.goesOn();
      var newAgent = agent();
      step("host", "rollback");
      load.goesOn();
      step("host", "standby");
      load.goesOn();
      load.allWorked();
      refusedAtAuth(newAgent.identity());
      assertThat(cluster.tctl("status").orFail().output())
          .contains("CA pin   " + pin)
          .contains("standby (never rotated)");
    }
  }

  @Test
  void usersCertificatesOfTheOldKeyEndWithTheRotation() throws Exception {
    var oldLogin = login();
    try (var tunnel = open()) {
      awaitWorks(tunnel.endpoint());
      step("user", "init");
      step("user", "update_clients");
      awaitWorks(tunnel.endpoint());
      var bob = cluster.addPerson("bob", "access,aws-dynamodb-access");
      cluster.signIn(bob);
      step("user", "update_servers");
      awaitWorks(tunnel.endpoint());
      aNewTunnelWorks();
      try (var bobs = bob.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
          var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
        awaitWorks(bobs.endpoint());
        step("user", "standby");
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(TunnelLoad.answer(client)).contains("tsh login"));
        awaitWorks(bobs.endpoint());
        refusedAtAuth(oldLogin.identity());
        refusedAtProxy(oldLogin.identity(), "teleport-dynamodb");
        alice.tsh("logout");
        cluster.signIn(alice);
        awaitWorks(tunnel.endpoint());
      }
    }
  }

  /// Whoever signs in anew between the phases never sees the change.
  @Test
  void usersWhoSignInAgainInTimeAreServedAllTheTime() throws Exception {
    try (var tunnel = open();
        var load = TunnelLoad.start(cluster, tunnel.endpoint())) {
      step("user", "init");
      load.goesOn();
      step("user", "update_clients");
      load.goesOn();
      signInAgain(load);
      step("user", "update_servers");
      load.goesOn();
      step("user", "standby");
      load.goesOn();
      load.allWorked();
    }
  }

  @Test
  void aRotationOfTheUsersKeyIsRolledBackUnderLoad() throws Exception {
    try (var tunnel = open();
        var load = TunnelLoad.start(cluster, tunnel.endpoint())) {
      step("user", "init");
      step("user", "update_clients");
      signInAgain(load);
      step("user", "update_servers");
      load.goesOn();
      step("user", "rollback");
      signInAgain(load);
      step("user", "standby");
      load.goesOn();
      load.allWorked();
    }
  }

  /// Everybody has a certificate by the key that signs now, the open tunnel included.
  private void signInAgain(TunnelLoad load) throws IOException {
    load.signInAgain();
    cluster.signIn(alice);
    var before = certificatesOfTunnels("alice");
    load.leap(clock, TUNNELS_LOOK);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(certificatesOfTunnels("alice")).isGreaterThan(before));
    load.goesOn();
  }

  private long certificatesOfTunnels(String user) throws IOException {
    try (var files = Files.newDirectoryStream(cluster.dataFolder().resolve("log"), "*.jsonl")) {
      long found = 0;
      for (var file : files) {
        found +=
            Files.readAllLines(file).stream()
                .filter(line -> line.contains("\"cert.create\""))
                .filter(line -> line.contains("\"user\":\"" + user + "\""))
                .filter(line -> line.contains(TestCluster.DATABASE))
                .count();
      }
      return found;
    }
  }

  /// Both keys at once. Whoever signs in anew while the new key signs is served all the time.
  @Test
  void aRotationOfHostsAndUsersGoesOnByItselfUnderLoad() throws Exception {
    try (var tunnel = open();
        var load = TunnelLoad.start(cluster, tunnel.endpoint())) {
      for (var type : List.of("host", "user")) {
        cluster.tctl("auth", "rotate", "--type=" + type, "--grace-period=30m").orFail();
      }
      awaitPhase("init");
      tunnelsLearn(load);
      load.leap(clock, THIRD);
      awaitPhase("update_clients");
      signInAgain(load);
      for (var phase : List.of("update_servers", "standby")) {
        load.leap(clock, THIRD);
        awaitPhase(phase);
        load.goesOn();
      }
      load.allWorked();
      assertThat(cluster.tctl("status").orFail().output())
          .containsPattern("host +standby \\(last rotated: ")
          .containsPattern("user +standby \\(last rotated: ");
    }
  }
}
