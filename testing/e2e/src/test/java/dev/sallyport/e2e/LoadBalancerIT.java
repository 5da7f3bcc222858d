package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.SampleTables;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The guide behind real load balancers that end TLS, with the files of {@code
 * examples/load-balancer}: sign-in, a Database Service that joins, a tunnel.
 */
@DisabledOnOs(OS.WINDOWS)
final class LoadBalancerIT {
  private static final int LARGE = 300_000;

  @TempDir private Path folder;
  private final int port = FreePorts.next();

  @Test
  void behindNginx() throws Exception {
    Path nginx = Balancer.program("nginx");
    try (GuideSite guide = site()) {
      Path server = folder.resolve("server.conf");
      Files.writeString(
          server,
          GuideFiles.filled(
              "load-balancer/nginx.conf",
              Map.of(
                  "listen 443",
                  "listen 127.0.0.1:" + port,
                  "server_name teleport.example.com",
                  "server_name localhost",
                  "/etc/nginx/teleport.example.com",
                  folder.resolve("balancer").toString(),
                  "/etc/nginx/proxy-ca.pem",
                  folder.resolve("public-ca.pem").toString(),
                  "10.0.0.5:3080",
                  "127.0.0.1:" + guide.site.webPort())));
      Path main = folder.resolve("nginx.conf");
      Files.writeString(
          main,
          """
          daemon off;
          pid %1$s/nginx.pid;
          error_log stderr info;
          events {}
          http {
            access_log off;
            client_body_temp_path %1$s/n1;
            proxy_temp_path %1$s/n2;
            fastcgi_temp_path %1$s/n3;
            uwsgi_temp_path %1$s/n4;
            scgi_temp_path %1$s/n5;
            include %2$s;
          }
          """
              .formatted(folder, server));
      theGuideWorks(
          guide,
          List.of(
              nginx.toString(), "-e", "stderr", "-p", folder.toString(), "-c", main.toString()));
    }
  }

  @Test
  void behindHaproxy() throws Exception {
    Path haproxy = Balancer.program("haproxy");
    try (GuideSite guide = site()) {
      Files.writeString(
          folder.resolve("balancer.pem"),
          Files.readString(folder.resolve("balancer.crt"))
              + Files.readString(folder.resolve("balancer.key")));
      Path config = folder.resolve("haproxy.cfg");
      Files.writeString(
          config,
          GuideFiles.filled(
              "load-balancer/haproxy.cfg",
              Map.of(
                  "bind :443",
                  "bind 127.0.0.1:" + port,
                  "/etc/haproxy/teleport.example.com.pem",
                  folder.resolve("balancer.pem").toString(),
                  "/etc/haproxy/proxy-ca.pem",
                  folder.resolve("public-ca.pem").toString(),
                  "10.0.0.5:3080",
                  "127.0.0.1:" + guide.site.webPort())));
      theGuideWorks(guide, List.of(haproxy.toString(), "-db", "-f", config.toString()));
    }
  }

  private GuideSite site() throws IOException {
    AwsStandIn aws = AwsStandIn.start(AwsStandIn.Account.example(), InstantSource.system());
    try (DynamoDbClient operator = SdkClients.dynamoDb(aws.dynamoDbUri(), aws.agentCredentials())) {
      SampleTables.create(operator);
    }
    GuideSite guide = new GuideSite(folder, aws, site -> site.publishAt(port));
    Files.copy(folder.resolve("proxy.crt"), folder.resolve("balancer.crt"));
    Files.copy(folder.resolve("proxy.key"), folder.resolve("balancer.key"));
    return guide;
  }

  private void theGuideWorks(GuideSite guide, List<String> balancer) throws Exception {
    try (RunningProcess _ = Balancer.start(balancer, port)) {
      guide.startAll();
      int local = FreePorts.next();
      try (RunningProcess tunnel = guide.openTunnel(local);
          DynamoDbClient app = SdkClients.dynamoDb(URI.create("http://localhost:" + local))) {
        assertThat(app.listTables().tableNames()).isNotEmpty();
        large(app);
        assertThat(tunnel.alive()).isTrue();
      }
      CommandResult straight =
          guide
              .site
              .laptop(
                  "alice",
                  Map.of(
                      "SSL_CERT_FILE",
                      folder.resolve("public-ca.pem").toString(),
                      "TELEPORT_TLS_ROUTING_CONN_UPGRADE",
                      "no"))
              .tsh("db", "ls");
      assertThat(straight.exitCode()).as("no way without an upgrade").isEqualTo(1);
    }
  }

  /** More than any buffer on the way, in both directions. */
  private static void large(DynamoDbClient app) {
    Map<String, AttributeValue> key =
        Map.of("Artist", AttributeValue.fromS("x"), "SongTitle", AttributeValue.fromS("y"));
    Map<String, AttributeValue> item = new HashMap<>(key);
    item.put("text", AttributeValue.fromS("z".repeat(LARGE)));
    app.putItem(put -> put.tableName(SampleTables.MUSIC).item(item));
    assertThat(app.getItem(get -> get.tableName(SampleTables.MUSIC).key(key)).item())
        .containsEntry("text", AttributeValue.fromS("z".repeat(LARGE)));
  }
}
