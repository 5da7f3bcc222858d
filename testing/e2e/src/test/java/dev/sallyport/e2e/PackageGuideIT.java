package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.aws.SampleTables;
import dev.sallyport.testkit.client.InstalledClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guide on hosts that have a shell, curl and no Java, with the package that the Proxy serves:
 * from the install script, or from the one line that makes a host a Database Service, to a list of
 * tables. A systemctl that writes down what it is told stands for systemd, and the test starts what
 * the unit would. {@code ./dev check --long} makes the package first.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PackageGuideIT {
  private static final String PACKAGE = "sallyport-v1.0.0-linux-amd64-bin.tar.gz";
  private static final String AUTHORITY = "/etc/private-ca.pem";
  private static final String TOKEN = "5f0c0ffee5f0c0ffee5f0c0ffee5f0c0";
  private static final String UNIT = "/etc/systemd/system/teleport.service";
  private static final String CURL = "curl -sS --cacert " + AUTHORITY + " ";

  private final Path folder;
  private final GuideSite guide;

  PackageGuideIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    Path archive = MadePackages.archive(PACKAGE);
    guide = new GuideSite(folder);
    Files.copy(
        archive, Files.createDirectories(folder.resolve("cluster/packages")).resolve(PACKAGE));
  }

  @BeforeAll
  void start() throws Exception {
    guide.startCluster();
    guide.createRole();
    guide.addAlice("access,aws-dynamodb-access");
  }

  @AfterAll
  void stop() {
    guide.close();
  }

  private CleanRoot host(String name) throws IOException {
    CleanRoot host = MadePackages.root(folder.resolve(name), "curl");
    Files.copy(folder.resolve("public-ca.pem"), host.at(AUTHORITY));
    host.program("/usr/bin/systemctl", "echo \"$*\" >>/root/systemctl.log");
    assertThat(host.shell("command -v java").exitCode()).isNotZero();
    return host;
  }

  /** Step by step, as the guide has it. */
  @Test
  void theGuideGoesFromTheInstallScriptToListTables() throws Exception {
    CleanRoot host = host("guide");
    CommandResult installed =
        host.shell(
                "%s https://%s/scripts/install.sh | sh -s -- --cacert=%s"
                    .formatted(CURL, guide.site.proxyAddress(), AUTHORITY))
            .orFail();
    assertThat(installed.output())
        .contains("Teleport binaries have been copied to /usr/local/bin\n")
        .endsWith("Teleport 1.0.0 is installed.\n");
    Files.writeString(
        host.at("/tmp/token"),
        guide.site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output());
    Files.writeString(
        host.at("/etc/teleport.yaml"),
        GuideFiles.filled(
            "agent.yaml", Map.of("teleport.example.com:443", guide.site.proxyAddress())));
    host.run("teleport", "install", "systemd", "-o", UNIT).orFail();
    Files.createDirectories(host.at("/etc/default"));
    Files.writeString(
        host.at("/etc/default/teleport"),
        "SSL_CERT_FILE=" + AUTHORITY + "\nAWS_REGION=us-east-1\n");
    servesAndListsTables(host);
  }

  @Test
  void oneLineMakesAHostADatabaseServiceAndItsUserListsTables() throws Exception {
    CleanRoot host = host("one-line");
    create("token.yaml", token());
    create("database.yaml", database());
    CommandResult installed =
        host.shell(
                "%s https://%s/scripts/%s/install-database.sh | sh -s -- --cacert=%s"
                    .formatted(CURL, guide.site.proxyAddress(), TOKEN, AUTHORITY))
            .orFail();
    assertThat(installed.output()).contains("its Database Service was started");
    assertThat(host.at("/root/systemctl.log")).hasContent("daemon-reload\nenable --now teleport\n");
    servesAndListsTables(host);
    guide.site.tctl("rm", "db/" + GuideSite.DATABASE).orFail();
  }

  /** With what is in the root, and with the AWS CLI of this machine where there is one. */
  private void servesAndListsTables(CleanRoot host) throws IOException {
    try (RunningProcess agent = startWhatTheUnitStarts(host)) {
      agent.awaitLine("\\[DB\\].*serving.*" + GuideSite.DATABASE);
      PackagedUser alice =
          new PackagedUser(
              guide,
              line ->
                  host.start(
                      withEnvironment(
                          Map.of("SSL_CERT_FILE", AUTHORITY),
                          Stream.concat(Stream.of("tsh"), Stream.of(line))
                              .toArray(String[]::new))));
      alice.login();
      int port = FreePorts.next();
      try (RunningProcess _ = alice.openTunnel(port)) {
        String listed =
            host.run(
                    "curl",
                    "-sS",
                    "-H",
                    "X-Amz-Target: DynamoDB_20120810.ListTables",
                    "-H",
                    "Content-Type: application/x-amz-json-1.0",
                    "-d",
                    "{}",
                    "http://localhost:" + port)
                .orFail()
                .output();
        assertThat(listed).contains("TableNames", SampleTables.MUSIC);
        for (InstalledClients.AwsCli aws : InstalledClients.awsClis()) {
          CommandResult byCli =
              guide.alice.run(
                  InstalledClients.ENVIRONMENT,
                  List.of(
                      aws.command(),
                      "dynamodb",
                      "list-tables",
                      "--endpoint-url=http://localhost:" + port));
          assertThat(byCli.orFail().output()).contains(SampleTables.MUSIC);
        }
      }
    }
    guide.site.awaitAudit(line ->
        line.contains("\"event\":\"db.session.dynamodb.request\"")
            && line.contains("\"user\":\"alice\"")
            && line.contains("DynamoDB_20120810.ListTables"));
  }

  /** By the environment file and the command of the unit that was written. */
  private RunningProcess startWhatTheUnitStarts(CleanRoot host) throws IOException {
    String unit = Files.readString(host.at(UNIT));
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

  /** A command with these variables. */
  private static String[] withEnvironment(Map<String, String> environment, String... command) {
    List<String> line = new ArrayList<>(List.of("env"));
    environment.forEach((name, value) -> line.add(name + "=" + value));
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
