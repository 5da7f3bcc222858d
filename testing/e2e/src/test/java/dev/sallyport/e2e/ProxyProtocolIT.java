package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.SampleTables;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import dev.sallyport.testkit.site.Site;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The guide behind a real haproxy that passes TLS on, with the file of {@code
 * examples/load-balancer}. Clients are at 127.0.0.1; haproxy comes to the Proxy from an address
 * that is named as a load balancer's, or from one that is not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledOnOs(OS.LINUX)
final class ProxyProtocolIT {
  private static final String NAMED = "127.0.0.9";
  private static final String OTHER = "127.0.0.8";

  private final Path folder;
  private final Path haproxy = Balancer.program("haproxy");
  private final int port = FreePorts.next();
  private final int portOfVersion1 = FreePorts.next();
  private final int portOfStranger = FreePorts.next();
  private final int portOfTwice = FreePorts.next();
  private final int portWithoutHeader = FreePorts.next();
  private final int portOfHttp = FreePorts.next();
  private final GuideSite guide;
  private @Nullable RunningProcess balancer;

  ProxyProtocolIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    AwsStandIn aws = AwsStandIn.start(AwsStandIn.Account.example(), InstantSource.system());
    try (DynamoDbClient operator = SdkClients.dynamoDb(aws.dynamoDbUri(), aws.agentCredentials())) {
      SampleTables.create(operator);
    }
    guide = new GuideSite(folder, aws, site -> site.publishAt(port));
    String cluster = Files.readString(guide.site.clusterFile());
    assertThat(cluster).contains("  web_listen_addr:");
    guide.site.write(
        "cluster.yaml",
        cluster.replace(
            "  web_listen_addr:",
            "  proxy_protocol: on\n  proxy_protocol_peers: [" + NAMED + "]\n  web_listen_addr:"));
  }

  @BeforeAll
  void start() throws Exception {
    String config =
        GuideFiles.filled(
            "load-balancer/haproxy-tcp.cfg",
            Map.of(
                "bind :443",
                "bind 127.0.0.1:" + port,
                "10.0.0.5:3080 send-proxy-v2 check",
                "127.0.0.1:" + guide.site.webPort() + " send-proxy-v2 source " + NAMED));
    Path file = folder.resolve("haproxy.cfg");
    Files.writeString(
        file,
        config
            + listen(portOfVersion1, guide.site.webPort(), "send-proxy source " + NAMED)
            + listen(portOfStranger, guide.site.webPort(), "send-proxy-v2 source " + OTHER)
            + listen(portOfTwice, port, "send-proxy-v2")
            + listen(portWithoutHeader, guide.site.webPort(), "source " + NAMED)
            + listenForHttp());
    balancer = Balancer.start(List.of(haproxy.toString(), "-db", "-f", file.toString()), port);
    guide.startAll();
  }

  private static String listen(int here, int there, String how) {
    return "\nlisten port-%1$d\n  bind 127.0.0.1:%1$d\n  server there 127.0.0.1:%2$d %3$s\n"
        .formatted(here, there, how);
  }

  private String listenForHttp() throws IOException {
    Path shown = folder.resolve("balancer.pem");
    Files.writeString(
        shown,
        Files.readString(folder.resolve("proxy.crt"))
            + Files.readString(folder.resolve("proxy.key")));
    return """

    listen http
      mode http
      bind 127.0.0.1:%d ssl crt %s alpn http/1.1
      server there 127.0.0.1:%d ssl verify required ca-file %s sni str(localhost) send-proxy-v2 source %s
    """
        .formatted(portOfHttp, shown, guide.site.webPort(), folder.resolve("public-ca.pem"), NAMED);
  }

  @AfterAll
  void stop() {
    guide.close();
    if (balancer != null) {
      balancer.close();
    }
  }

  @Test
  void recordsTellWhereTheClientIsAndNotTheBalancer() throws Exception {
    int local = FreePorts.next();
    try (RunningProcess _ = guide.openTunnel(local);
        DynamoDbClient app = SdkClients.dynamoDb(URI.create("http://localhost:" + local))) {
      assertThat(app.listTables().tableNames()).isNotEmpty();
    }
    for (String event : List.of("user.login", "db.session.start", "instance.join")) {
      guide.site.awaitAudit(
          line -> line.contains("\"event\":\"" + event + "\"") && line.contains("\"127.0.0.1"));
    }
    assertThat(guide.site.audit()).noneMatch(line -> line.contains(NAMED));
  }

  /** Version 1 of the header, by a sign-in that is refused. */
  @Test
  void theHeaderOfVersion1TellsItToo() throws IOException {
    isRefusedAndOnRecordWithItsAddress("mallory", portOfVersion1);
  }

  /**
   * One that ends TLS and speaks HTTP can tell it by the same header, and not by a header of HTTP.
   */
  @Test
  void soDoesABalancerThatEndsTls() throws IOException {
    isRefusedAndOnRecordWithItsAddress("trudy", portOfHttp);
    assertThat(ping(portOfHttp, "X-Forwarded-For: 203.0.113.5").orFail().output())
        .contains("server_version");
    assertThat(guide.site.audit()).noneMatch(line -> line.contains("203.0.113.5"));
  }

  private void isRefusedAndOnRecordWithItsAddress(String user, int at) throws IOException {
    CommandResult refused =
        guide
            .site
            .laptop(user, Map.of("SSL_CERT_FILE", folder.resolve("public-ca.pem").toString()))
            .tshTyping(Site.PASSWORD + "x\n", "login", "--proxy=localhost:" + at, "--user=" + user);
    assertThat(refused.exitCode()).isEqualTo(1);
    guide.site.awaitAudit(line ->
        line.contains("\"event\":\"user.login\"")
            && line.contains("\"" + user + "\"")
            && line.contains("\"127.0.0.1"));
  }

  @Test
  void onlyOneHeaderOfANamedBalancerIsTaken() throws IOException {
    assertThat(ping(port).orFail().output()).contains("server_version");
    assertThat(ping(portOfVersion1).orFail().output()).contains("server_version");
    assertThat(ping(guide.site.webPort()).orFail().output())
        .as("whoever is no balancer comes without a header")
        .contains("server_version");
    assertThat(ping(portOfStranger).exitCode()).as("a header of somebody else's").isNotZero();
    assertThat(ping(portOfTwice).exitCode()).as("a header behind the header").isNotZero();
    assertThat(ping(portWithoutHeader).exitCode()).as("a balancer without a header").isNotZero();
    assertThat(ping(port).exitCode()).as("and the others are not disturbed").isZero();
  }

  private CommandResult ping(int at) throws IOException {
    return ping(at, "Accept: */*");
  }

  private CommandResult ping(int at, String header) throws IOException {
    return guide.alice.run(
        Map.of(),
        List.of(
            "curl",
            "-sS",
            "-H",
            header,
            "--cacert",
            folder.resolve("public-ca.pem").toString(),
            "https://localhost:" + at + "/webapi/ping"));
  }
}
