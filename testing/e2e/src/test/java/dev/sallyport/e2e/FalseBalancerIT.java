package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.net.Alpn;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FalseBalancer;
import dev.sallyport.testkit.site.FreePorts;
import dev.sallyport.testkit.site.Laptop;
import dev.sallyport.testkit.site.Site;
import dev.sallyport.testkit.tls.PublicAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The load balancer of a running site turns false, in real processes: whatever certificate it
 * shows, it never reads a byte of what goes through it, and nobody takes it for the Proxy.
 */
final class FalseBalancerIT {
  private static final List<String> NAMES = List.of("localhost", "127.0.0.1");
  private static final String SECRET = "a-secret-of-alice";

  @TempDir private Path folder;

  private static SSLContext certificateOf(String authority) {
    return new PublicAuthority(authority, InstantSource.system().instant()).serverContext(NAMES);
  }

  /**
   * It has a certificate that everybody's machine trusts, and one of an authority of its own for
   * the TLS inside.
   */
  @Test
  void itReadsNothingOfTunnelsCommandsAndDatabaseServices() throws Exception {
    try (FalseBalancer between = new FalseBalancer();
        GuideSite guide = site(between)) {
      PublicAuthority everywhere =
          new PublicAuthority("Trusted everywhere", InstantSource.system().instant());
      Path trusted = trustingBoth(everywhere);
      guide.startCluster();
      guide.createRole();
      guide.addAlice("access,editor,aws-dynamodb-access");
      Files.writeString(
          folder.resolve("token"),
          guide.site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output());
      RunningProcess agent = startAgent(guide, trusted);
      Laptop laptop = guide.site.laptop("alice", Map.of("SSL_CERT_FILE", trusted.toString()));
      laptop
          .tshTyping(
              Site.PASSWORD + "\n", "login", "--proxy=" + guide.site.proxyAddress(), "--user=alice")
          .orFail();
      int port = FreePorts.next();
      try (RunningProcess tunnel =
          laptop.openTunnel(port, List.of("--db-user=" + GuideSite.IAM_ROLE, GuideSite.DATABASE))) {
        assertThat(ask(port)).isEqualTo(200);

        between.turnFalse(everywhere.serverContext(NAMES), certificateOf("The balancer's own"));
        CommandResult command = laptop.tsh("db", "ls");
        assertThat(command.exitCode()).as(command.toString()).isEqualTo(1);
        assertThat(between.hellosWithin(Alpn.AUTH)).as("tsh db ls asked within").isPositive();
        assertThat(ask(port)).isEqualTo(503);
        awaitHello(between, Alpn.DYNAMODB);
        awaitHello(between, Alpn.REVERSE_TUNNEL);
        assertThat(tunnel.alive() && agent.alive()).isTrue();
      }
      nothingWasRead(between);
    }
  }

  /** Both of an authority that nobody trusts: whoever is new sends no password and no token. */
  @Test
  void whoeverIsNewIsNotTakenInEither() throws Exception {
    try (FalseBalancer between = new FalseBalancer();
        GuideSite guide = site(between)) {
      guide.startCluster();
      guide.addAlice("access");
      String token = guide.site.tctl("tokens", "add", "--type=db", "--format=text").output();
      Files.writeString(folder.resolve("token"), token);
      between.turnFalse(certificateOf("Nobody's"), certificateOf("Nobody's either"));
      CommandResult login =
          guide
              .site
              .laptop(
                  "new",
                  Map.of(
                      "SSL_CERT_FILE",
                      folder.resolve("public-ca.pem").toString(),
                      "TELEPORT_TLS_ROUTING_CONN_UPGRADE",
                      "yes"))
              .tshTyping(
                  Site.PASSWORD + "\n",
                  "login",
                  "--proxy=" + guide.site.proxyAddress(),
                  "--user=alice");
      assertThat(login.exitCode()).isEqualTo(1);
      assertThat(login.errors()).contains("certificate");
      Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
      environment.put("TELEPORT_TLS_ROUTING_CONN_UPGRADE", "yes");
      RunningProcess agent =
          guide.site.startService(guide.site.folder().resolve("agent.yaml"), environment);
      agent.awaitLine("certificate");
      assertThat(between.heads()).isEmpty();
      assertThat(between.plain()).isEmpty();
    }
  }

  private GuideSite site(FalseBalancer between) throws IOException {
    AwsStandIn aws =
        AwsStandIn.start(
            AwsStandIn.Account.example(),
            InstantSource.system(),
            (request, caller) -> ScriptedUpstream.json(200, "R", "{\"TableNames\":[]}"),
            Optional.empty());
    GuideSite guide = new GuideSite(folder, aws, site -> site.publishAt(between.port()));
    between.leadTo(guide.site.webPort());
    return guide;
  }

  private Path trustingBoth(PublicAuthority other) throws IOException {
    Path more = other.writeCertificate(folder.resolve("other-ca.pem"));
    return Files.writeString(
        folder.resolve("both.pem"),
        Files.readString(folder.resolve("public-ca.pem")) + Files.readString(more));
  }

  private static RunningProcess startAgent(GuideSite guide, Path trusted) throws IOException {
    Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
    environment.put("SSL_CERT_FILE", trusted.toString());
    RunningProcess agent =
        guide.site.startService(guide.site.folder().resolve("agent.yaml"), environment);
    agent.awaitLine("\\[DB\\].*serving");
    return agent;
  }

  /** Whoever speaks that protocol has found the balancer out, and tried through it. */
  private static void awaitHello(FalseBalancer between, String protocol) {
    Awaitility.await(protocol + " within a WebSocket")
        .atMost(Installation.PATIENCE)
        .until(() -> between.hellosWithin(protocol) > 0);
  }

  private static int ask(int port) throws IOException, InterruptedException {
    try (HttpClient program = HttpClient.newHttpClient()) {
      return program
          .send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + port))
                  .timeout(Duration.ofSeconds(60))
                  .header("X-Amz-Target", "DynamoDB_20120810.GetItem")
                  .header("Content-Type", "application/x-amz-json-1.0")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"TableName\":\"Music\",\"Key\":{\"Artist\":{\"S\":\""
                              + SECRET
                              + "\"}}}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    }
  }

  private static void nothingWasRead(FalseBalancer between) {
    List<String> others = new ArrayList<>(between.heads());
    assertThat(others).anyMatch(head -> head.startsWith("GET /webapi/connectionupgrade "));
    assertThat(others)
        .allSatisfy(head ->
            assertThat(head.toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("authorization:")
                .doesNotContain("cookie:")
                .doesNotContain(SECRET)
                .startsWith("get "));
    assertThat(between.plain()).isEmpty();
  }
}
