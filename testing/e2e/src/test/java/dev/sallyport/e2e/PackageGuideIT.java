package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import dev.sallyport.testkit.site.Site;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The guide on a host that has a shell, curl and no Java: one line installs the package that the
 * Proxy serves and makes the host a Database Service; its {@code tsh} signs in and opens the
 * tunnel. A systemctl that writes down what it is told stands for systemd, and the test starts what
 * the unit would. {@code ./dev check --long} makes the package first.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PackageGuideIT {
  private static final String PACKAGE = "sallyport-v1.0.0-linux-amd64-bin.tar.gz";
  private static final String AUTHORITY = "/etc/private-ca.pem";
  private static final String TOKEN = "5f0c0ffee5f0c0ffee5f0c0ffee5f0c0";

  private final GuideSite guide;
  private final CleanRoot host;

  PackageGuideIT(@TempDir Path folder) throws IOException {
    Path archive = GuideFiles.repository().resolve("target/dist").resolve(PACKAGE);
    assumeTrue(Files.exists(archive), "no package in target/dist: run ./dev dist");
    host = new CleanRoot(folder.resolve("root"), "curl");
    assumeTrue(host.run("true").exitCode() == 0, "this machine does not allow chroot");
    guide = new GuideSite(folder);
    Files.copy(
        archive, Files.createDirectories(folder.resolve("cluster/packages")).resolve(PACKAGE));
    Files.copy(folder.resolve("public-ca.pem"), host.at(AUTHORITY));
    host.program("/usr/bin/systemctl", "echo \"$*\" >>/root/systemctl.log");
  }

  @AfterAll
  void stop() {
    guide.close();
  }

  @Test
  void oneLineMakesAHostADatabaseServiceAndItsUserListsTables() throws Exception {
    guide.startCluster();
    guide.createRole();
    guide.addAlice("access,aws-dynamodb-access");
    create("token.yaml", token());
    create("database.yaml", database());

    CommandResult installed =
        host.shell(
                "curl -sS --cacert %s https://%s/scripts/%s/install-database.sh | sh -s -- --cacert=%s"
                    .formatted(AUTHORITY, guide.site.proxyAddress(), TOKEN, AUTHORITY))
            .orFail();
    assertThat(installed.output()).contains("its Database Service was started");
    assertThat(host.at("/root/systemctl.log")).hasContent("daemon-reload\nenable --now teleport\n");

    try (RunningProcess agent = startWhatTheUnitStarts()) {
      agent.awaitLine("\\[DB\\].*serving.*" + GuideSite.DATABASE);
      login();
      int port = FreePorts.next();
      try (RunningProcess tunnel = openTunnel(port);
          DynamoDbClient client = SdkClients.dynamoDb(URI.create("http://localhost:" + port))) {
        tunnel.awaitLine("Started authenticated tunnel");
        assertThat(client.listTables().tableNames()).hasSize(3);
      }
    }
    guide.site.awaitAudit(line ->
        line.contains("\"event\":\"db.session.dynamodb.request\"")
            && line.contains("\"user\":\"alice\"")
            && line.contains("DynamoDB_20120810.ListTables"));
  }

  /** By the environment file and the command of the unit that was written. */
  private RunningProcess startWhatTheUnitStarts() throws IOException {
    String unit = Files.readString(host.at("/etc/systemd/system/teleport.service"));
    assertThat(unit)
        .contains("EnvironmentFile=-/etc/default/teleport")
        .contains("ExecStart=/usr/local/bin/teleport start");
    return host.start(
        withEnvironment(
            guide.agentEnvironment(),
            "sh",
            "-c",
            "set -a; . /etc/default/teleport; exec /usr/local/bin/teleport start"));
  }

  private void login() throws IOException {
    try (RunningProcess login =
        host.start(
            withEnvironment(
                Map.of(),
                "tsh",
                "login",
                "--proxy=" + guide.site.proxyAddress(),
                "--user=alice"))) {
      login.finish(Site.PASSWORD + "\n", Duration.ofMinutes(1)).orFail();
    }
  }

  private RunningProcess openTunnel(int port) throws IOException {
    return host.start(
        withEnvironment(
            Map.of(),
            "tsh",
            "proxy",
            "db",
            "--tunnel",
            "--port=" + port,
            "--db-user=" + GuideSite.IAM_ROLE,
            GuideSite.DATABASE));
  }

  /** A command with these variables, and trust in the authority as the root has it. */
  private static String[] withEnvironment(Map<String, String> environment, String... command) {
    List<String> line = new ArrayList<>(List.of("env"));
    environment.forEach((name, value) -> line.add(name + "=" + value));
    line.add("SSL_CERT_FILE=" + AUTHORITY);
    line.addAll(List.of(command));
    return line.toArray(String[]::new);
  }

  private static String token() {
    return """
    kind: token
    version: v2
    metadata: {name: %s}
    spec:
      roles: [Db]
      join_method: token
      suggested_agent_matcher_labels: {env: [dev]}
    """
        .formatted(TOKEN);
  }

  private String database() {
    return """
    kind: db
    version: v3
    metadata:
      name: %s
      labels: {env: dev}
    spec:
      protocol: dynamodb
      aws: {region: us-east-1, account_id: "%s"}
    """
        .formatted(GuideSite.DATABASE, guide.aws.account().id());
  }

  private void create(String file, String text) throws IOException {
    guide.site.tctl("create", "-f", guide.site.write(file, text).toString()).orFail();
  }
}
