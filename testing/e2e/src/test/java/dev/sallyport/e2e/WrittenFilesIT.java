package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * What {@code teleport configure}, {@code teleport db configure create} and {@code teleport install
 * systemd} write is what {@code teleport start} runs with, up to {@code /readyz} and to a request.
 * Nothing is changed in the files but ports, and one is added for {@code /readyz}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledOnOs(OS.WINDOWS)
final class WrittenFilesIT {
  private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
  private static final Pattern SCORE =
      Pattern.compile("Overall exposure level for \\S+: ([0-9.]+ \\w+)");

  private final Path folder;
  private final GuideSite guide;
  private final Installation installation = Installation.at(GuideFiles.installation());
  private final HttpClient http = HttpClient.newHttpClient();

  WrittenFilesIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    guide = new GuideSite(folder);
  }

  @BeforeAll
  void startTheClusterThatIsConfigured() throws Exception {
    Path file = guide.site.clusterFile();
    Files.delete(file);
    write(
        "configure",
        "-o",
        file.toString(),
        "--cluster-name=example.com",
        "--public-addr=" + guide.site.proxyAddress(),
        "--cert-file=" + folder.resolve("proxy.crt"),
        "--key-file=" + folder.resolve("proxy.key"),
        "--data-dir=" + folder.resolve("cluster"));
    replace(file, "0.0.0.0:443", "127.0.0.1:" + guide.site.webPort());
    replace(file, "0.0.0.0:3025", "127.0.0.1:" + guide.site.authPort());
    int diagnostics = diagnostics(file);
    guide.startCluster();
    awaitReady(diagnostics, "\"auth\":\"ok\"", "\"proxy\":\"ok\"");
    guide.createRole();
    guide.addAlice("access,aws-dynamodb-access");
    guide.login();
  }

  @AfterAll
  void stop() {
    guide.close();
    http.close();
  }

  /** With each flag of a database of DynamoDB, and a role between the agent's and the user's. */
  @Test
  void aDatabaseOfAllFlagsIsServed() throws Exception {
    String hop = guide.aws.account().role("Hop");
    guide
        .aws
        .sts()
        .put(TrustedRole.trusting(hop, guide.aws.account().agentArn()).withExternalId("x1"));
    guide.aws.sts().put(TrustedRole.trusting(guide.aws.account().role(GuideSite.IAM_ROLE), hop));
    Path file = folder.resolve("flags/teleport.yaml");
    write(
        "db",
        "configure",
        "create",
        "-o",
        "file://" + file,
        "--proxy=" + guide.site.proxyAddress(),
        "--token=" + token(),
        "--name=all-flags",
        "--protocol=dynamodb",
        "--uri=" + guide.aws.dynamoDbUri(),
        "--labels=env=dev,team=orders",
        "--aws-region=us-east-1",
        "--aws-account-id=" + guide.aws.account().id(),
        "--aws-assume-role-arn=" + hop,
        "--aws-external-id=x1");
    replace(file, "data_dir: /var/lib/teleport", "data_dir: " + folder.resolve("flags/data"));
    int diagnostics = diagnostics(file);
    Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
    // What the flags say must do without these.
    environment.remove("AWS_ENDPOINT_URL_DYNAMODB");
    environment.remove("AWS_REGION");
    try (RunningProcess _ = guide.site.startService(file, environment)) {
      awaitReady(diagnostics, "\"db\":\"ok\"");
      assertThat(guide.site.tctl("db", "ls").orFail().output())
          .contains("all-flags", "env=dev", "team=orders");
      int port = FreePorts.next();
      try (RunningProcess _ =
              guide.alice.openTunnel(
                  port, List.of("--db-user=" + GuideSite.IAM_ROLE, "all-flags"));
          DynamoDbClient app = SdkClients.dynamoDb(URI.create("http://localhost:" + port))) {
        assertThat(app.listTables().tableNames()).hasSize(3);
      }
    }
    assertThat(guide.aws.sts().calls()).anyMatch(call -> call.parameters().containsValue(hop));
  }

  /** As systemd does it: the environment, the command, the reload, the end. */
  @Test
  void whatTheUnitStartsIsReadyReloadsAndEnds() throws Exception {
    Path file = folder.resolve("unit/teleport.yaml");
    write(
        "db",
        "configure",
        "create",
        "--output=" + file,
        "--proxy=" + guide.site.proxyAddress(),
        "--token=" + token(),
        "--dynamic-resources-labels=env=dev");
    replace(file, "data_dir: /var/lib/teleport", "data_dir: " + folder.resolve("unit/data"));
    int diagnostics = diagnostics(file);
    Path run = Files.createDirectories(folder.resolve("unit/run")).resolve("teleport.pid");
    Path cache = Files.createDirectories(folder.resolve("unit/cache"));
    Path unit = folder.resolve("unit/teleport.service");
    write(
        "install",
        "systemd",
        "-o",
        unit.toString(),
        "--pid-file=" + run,
        "--teleport-path=" + installation.command("teleport"));
    replace(unit, "/etc/teleport.yaml", file.toString());
    replace(unit, "/var/cache/teleport", cache.toString());
    Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("SALLYPORT_JAVA_HOME", System.getProperty("java.home"));
    String[] variable = value(unit, "Environment").split("=", 2);
    environment.put(variable[0], variable[1]);
    try (RunningProcess service =
        RunningProcess.start(
            List.of(
                "sh", "-c", "umask " + value(unit, "UMask") + "; exec " + value(unit, "ExecStart")),
            environment)) {
      awaitReady(diagnostics, "\"db\":\"ok\"");
      assertThat(run).hasContent(Long.toString(service.pid()));
      String reload = value(unit, "ExecReload").replace("$MAINPID", Long.toString(service.pid()));
      installation.runAny(List.of("sh", "-c", reload)).orFail();
      service.awaitLine("The configuration was reloaded");
      service.terminate();
      assertThat(service.awaitExit(Installation.PATIENCE)).contains(0);
      assertThat(run).doesNotExist();
    }
  }

  /** systemd's own word on the unit, and the score that docs/install.md states. */
  @Test
  void systemdTakesTheUnitAndGivesTheScoreThatTheDocumentsState() throws IOException {
    assumeTrue(Files.isExecutable(ANALYZE), "systemd-analyze is not installed");
    Path unit = folder.resolve("analysed/teleport.service");
    write(
        "install",
        "systemd",
        "-o",
        unit.toString(),
        "--teleport-path=" + installation.command("teleport"));
    CommandResult verified = analyze("verify", unit.toString());
    assertThat(verified.output() + verified.errors()).isEmpty();
    Matcher score =
        SCORE.matcher(
            analyze("--offline=true", "--no-pager", "security", unit.toString()).output());
    assertThat(score.find()).isTrue();
    String version = analyze("--version").output().split(" ")[1];
    String page = Files.readString(GuideFiles.repository().resolve("docs/install.md"));
    Matcher stated =
        Pattern.compile(
                "`systemd-analyze --offline=true security` of systemd ([0-9]+) gives it ([0-9.]+)"
                    + " \\((\\w+)\\)")
            .matcher(page);
    assertThat(stated.find()).as("docs/install.md states the score").isTrue();
    assumeTrue(
        version.equals(stated.group(1)),
        "systemd " + version + " counts otherwise than the stated");
    assertThat(score.group(1)).isEqualTo(stated.group(2) + " " + stated.group(3));
  }

  private CommandResult analyze(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(ANALYZE.toString()));
    line.addAll(List.of(arguments));
    return installation.with(Map.of("SYSTEMD_COLORS", "0")).runAny(line).orFail();
  }

  private void write(String... command) throws IOException {
    assertThat(installation.run("", "teleport", command).orFail().errors()).isEmpty();
  }

  private static void replace(Path file, String old, String with) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(old);
    Files.writeString(file, text.replace(old, with));
  }

  /** Opens the listener for measurements, as an operator would; gives its port. */
  private static int diagnostics(Path file) throws IOException {
    int port = FreePorts.next();
    replace(file, "\nteleport:\n", "\nteleport:\n  diag_addr: 127.0.0.1:" + port + "\n");
    return port;
  }

  private void awaitReady(int port, String... components) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz")).build();
    Awaitility.await("ready")
        .atMost(Installation.PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> {
          var answer = http.send(request, BodyHandlers.ofString());
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
          assertThat(answer.body()).contains(components);
        });
  }

  private Path token() throws IOException {
    String token = guide.site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output();
    return guide.site.write("token", token);
  }

  private static String value(Path unit, String key) throws IOException {
    return Files.readAllLines(unit).stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .findFirst()
        .orElseThrow();
  }
}
