package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.SampleTables;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.clock.MovableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TestClusterTest {
  private static final MovableClock CLOCK = MovableClock.ofThisMachine();

  @TempDir static Path folder;
  private static AwsStandIn aws;
  private static TestCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    aws = AwsStandIn.start(AwsStandIn.Account.example(), InstantSource.system());
    try (var operator = SdkClients.dynamoDb(aws.dynamoDbUri(), aws.agentCredentials())) {
      SampleTables.create(operator);
    }
    cluster = TestCluster.start(folder, aws, CLOCK);
  }

  @AfterAll
  static void stop() {
    var ended = cluster.services().stop();
    cluster.close();
    aws.close();
    assertThat(ended.exitCode()).as(ended.toString()).isZero();
    assertThat(folder.resolve("teleport.pid")).doesNotExist();
    assertThat(folder.resolve("teleport.log")).content().contains("\"level\":\"INFO\"");
  }

  @Test
  void theServicesSayWhereTheyListenAndWriteItDown() throws IOException {
    assertThat(cluster.services().output())
        .contains("[AUTH] Service is listening on 127.0.0.1:")
        .contains("[PROXY] Service is listening on " + cluster.proxyAddress());
    assertThat(cluster.dataFolder().resolve("proxy.addr"))
        .content()
        .isEqualToIgnoringNewLines(cluster.proxyAddress());
    assertThat(folder.resolve("teleport.pid"))
        .content()
        .isEqualToIgnoringNewLines("" + ProcessHandle.current().pid());
  }

  @Test
  void aPersonSignsInOpensATunnelUsesTheDatabaseAndIsOnRecordUntilTheCertificateEnds()
      throws Exception {
    var alice = cluster.addPerson("alice", "access,aws-dynamodb-access");
    assertThat(cluster.signIn(alice).output()).contains("Logged in as:       alice");
    try (var tunnel = alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      assertThat(client.listTables().tableNames())
          .contains(SampleTables.MUSIC, SampleTables.CUSTOMERS, SampleTables.ORDERS);
      await().until(() -> records().contains("\"db.session.dynamodb.request\""));
      assertThat(records()).contains("\"alice\"", "DynamoDB_20120810.ListTables");

      var key =
          Map.of(
              "Artist",
              AttributeValue.fromS("Nobody"),
              "SongTitle",
              AttributeValue.fromS("canary"));
      client.getItem(get -> get.tableName(SampleTables.MUSIC).key(key));
      await()
          .untilAsserted(() ->
              assertThat(found("--key=Artist=Nobody")).contains("GetItem", SampleTables.MUSIC));
      assertThat(found("--key=Artist=Somebody")).contains("No events found");
      assertThat(records()).doesNotContain("canary");

      CLOCK.move(Duration.ofHours(13));
      // The agent, whose clock jumped too, first has to hear from Auth again.
      await()
          .untilAsserted(() ->
              assertThatThrownBy(client::listTables)
                  .isInstanceOf(DynamoDbException.class)
                  .hasMessageContaining("tsh login"));
    } finally {
      CLOCK.move(Duration.ofHours(-13));
    }
  }

  /// Before the clock is moved, which takes the databases' announcements away.
  @Test
  @Order(1)
  void diagnosticsTellHealthAndMeasurementsAndNoName() throws Exception {
    assertThat(cluster.diagnostics("/healthz").statusCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(cluster.diagnostics("/readyz").body())
                .contains("\"components\":{\"auth\":\"ok\",\"proxy\":\"ok\",\"db\":\"ok\"}"));
    var before = measured("sallyport_db_requests_total{outcome=\"answered\"}");
    var secret = cluster.addPerson("metricuser", "access,aws-dynamodb-access");
    cluster.signIn(secret);
    try (var tunnel = secret.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      client.listTables();
      client.listTables();
      await()
          .untilAsserted(() ->
              assertThat(measured("sallyport_db_requests_total{outcome=\"answered\"}"))
                  .isEqualTo(before + 2));
      assertThat(measured("sallyport_db_aws_answers_total{answer=\"success\"}")).isPositive();
      assertThat(measured("sallyport_db_request_seconds_count{hop=\"whole\"}")).isPositive();
      assertThat(measured("sallyport_db_request_seconds_sum{hop=\"aws\"}")).isPositive();
      assertThat(measured("sallyport_db_credential_lookups_total{result=\"miss\"}")).isPositive();
      assertThat(measured("sallyport_db_credential_lookups_total{result=\"hit\"}")).isPositive();
      assertThat(measured("sallyport_db_credential_refreshes_total{result=\"credentials\"}"))
          .isPositive();
      assertThat(measured("sallyport_db_connections")).isPositive();
      assertThat(measured("sallyport_db_parked_connections")).isPositive();
      assertThat(measured("sallyport_db_aws_connections")).isPositive();
      assertThat(measured("sallyport_db_requests_in_flight")).isZero();
      assertThat(measured("sallyport_db_body_bytes")).isZero();
      assertThat(measured("sallyport_proxy_agents")).isEqualTo(1);
      assertThat(measured("sallyport_proxy_database_open_seconds_count{status=\"ok\"}"))
          .isPositive();
      assertThat(measured("sallyport_audit_journal_segments")).isPositive();
      assertThat(measured("sallyport_audit_journal_oldest_waiting_seconds")).isBetween(0.0, 60.0);
      assertThat(measured("sallyport_audit_store_position")).isPositive();
      assertThat(measured("sallyport_audit_export_lag_records{export=\"file\"}")).isNotNegative();
    }
    assertThat(cluster.diagnostics("/metrics").body())
        .doesNotContain(
            "metricuser",
            TestCluster.DATABASE,
            TestCluster.IAM_ROLE,
            TestCluster.PASSWORD,
            TestCluster.NAME,
            aws.account().id(),
            "node-1",
            "aws-dynamodb-access",
            "AKIA",
            "ASIA");
  }

  private static double measured(String sample) throws Exception {
    return cluster
        .diagnostics("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing is measured as " + sample));
  }

  @Test
  void whoProvesNothingAtADoorOfTheProxyIsTurnedAwayAndOnRecord() throws Exception {
    var proxy = URI.create("tls://" + cluster.proxyAddress());
    for (var door : List.of("teleport-dynamodb", "teleport-reversetunnel")) {
      var sockets = cluster.browserTrust().getSocketFactory();
      try (var socket = (SSLSocket) sockets.createSocket(proxy.getHost(), proxy.getPort())) {
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {door});
        socket.setSSLParameters(parameters);
        assertThatThrownBy(
                () -> {
                  socket.startHandshake();
                  throw new IOException("the end came after " + socket.getInputStream().read());
                })
            .isInstanceOf(IOException.class);
      }
    }
    await()
        .untilAsserted(() ->
            assertThat(records())
                .contains("T3007W", "database: the TLS handshake failed")
                .contains("tunnel: the TLS handshake failed"));
  }

  private static String found(String key) {
    return cluster.tctl("audit", "search", key).orFail().output();
  }

  private static String records() throws IOException {
    try (var files = Files.list(cluster.dataFolder().resolve("log"))) {
      return files
          .filter(Files::isRegularFile)
          .map(TestClusterTest::text)
          .collect(Collectors.joining("\n"));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
