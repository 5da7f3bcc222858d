package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.pki.IdentityFile;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.clock.MovableClock;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Certificates of hosts that last an hour, and a tunnel that lives through several of them.
class HostRenewalTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  /// Beyond 70 % of an hour, before its end.
  private static final Duration DUE = Duration.ofMinutes(45);

  /// From there to beyond its end.
  private static final Duration OVER = Duration.ofMinutes(16);

  /// What AWS says to a request that comes from the cluster's time, which is moved: it got there.
  private static final String AWS_HAS_ANOTHER_TIME = "Signature not yet current";

  private final MovableClock clock = MovableClock.ofThisMachine();

  private static String answer(DynamoDbClient client) {
    try {
      client.listTables();
      return "";
    } catch (SdkException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void reachesAws(URI endpoint, String expected) {
    try (var client = SdkClients.dynamoDbOnce(endpoint)) {
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(answer(client))
                  .satisfies(text -> assertThat(text.isEmpty()).isEqualTo(expected.isEmpty()))
                  .contains(expected));
    }
  }

  private static X509Certificate shownBy(TestCluster cluster) throws Exception {
    var proxy = URI.create("tls://" + cluster.proxyAddress());
    var sockets = cluster.browserTrust().getSocketFactory();
    try (var socket = (SSLSocket) sockets.createSocket(proxy.getHost(), proxy.getPort())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void aTunnelLivesLongerThanTheCertificatesOfItsHosts(@TempDir Path folder) throws Exception {
    try (var aws = AwsStandIn.start(AwsStandIn.Account.example(), InstantSource.system());
        var cluster = TestCluster.start(folder, aws, clock, "  host_cert_ttl: 1h\n")) {
      var alice = cluster.addPerson("alice", "access,aws-dynamodb-access");
      cluster.signIn(alice);
      var agentFile = cluster.dataFolder().resolve("agent").resolve("identity.pem");
      var administratorFile = cluster.dataFolder().resolve("admin.pem");
      try (var tunnel =
          alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE)) {
        reachesAws(tunnel.endpoint(), "");
        for (int life = 0; life < 2; life++) {
          var proxy = shownBy(cluster);
          clock.move(life == 0 ? DUE : DUE.minus(OVER));
          await()
              .atMost(SOON)
              .ignoreExceptions()
              .untilAsserted(() -> {
                assertThat(shownBy(cluster).getSerialNumber())
                    .isNotEqualTo(proxy.getSerialNumber());
                assertThat(List.of(agentFile, administratorFile))
                    .allSatisfy(file ->
                        assertThat(IdentityFile.read(file).identity().leaf().getNotAfter())
                            .isAfter(proxy.getNotAfter()));
              });
          // The agent announced its database again, which had expired with the clock's leap.
          await()
              .atMost(SOON)
              .untilAsserted(() ->
                  assertThat(cluster.tctl("get", "db_servers").orFail().output())
                      .contains(TestCluster.DATABASE));
          try (var another =
              alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE)) {
            reachesAws(another.endpoint(), AWS_HAS_ANOTHER_TIME);
          }
          // The end of those that it began with passes too.
          clock.move(OVER);
          reachesAws(tunnel.endpoint(), AWS_HAS_ANOTHER_TIME);
        }
        assertThat(cluster.tctl("audit", "search", "--type=cert.create").orFail().output())
            .contains("cert.create");
      }
    }
  }

  @Test
  void hostsRenewTheirCertificatesUnderLoadAndNoRequestFails(@TempDir Path folder)
      throws Exception {
    try (var aws = AwsStandIn.start(AwsStandIn.Account.example(), clock);
        var cluster = TestCluster.start(folder, aws, clock, "  host_cert_ttl: 1h\n")) {
      var alice = cluster.addPerson("alice", "access,aws-dynamodb-access");
      cluster.signIn(alice);
      var agentFile = cluster.dataFolder().resolve("agent").resolve("identity.pem");
      try (var tunnel =
              alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
          var load = TunnelLoad.start(cluster, tunnel.endpoint())) {
        for (int life = 0; life < 3; life++) {
          var proxy = shownBy(cluster);
          load.leap(clock, DUE);
          await()
              .atMost(SOON)
              .ignoreExceptions()
              .untilAsserted(() -> {
                assertThat(shownBy(cluster).getSerialNumber())
                    .isNotEqualTo(proxy.getSerialNumber());
                assertThat(IdentityFile.read(agentFile).identity().leaf().getNotAfter())
                    .isAfter(proxy.getNotAfter());
              });
          load.goesOn();
        }
        load.allWorked();
      }
    }
  }
}
