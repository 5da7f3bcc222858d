package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.aws.AccessKey;
import dev.sallyport.testkit.aws.ImdsStandIn;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts of {@code examples/ec2}, run on an instance whose metadata service and STS are
 * stand-ins: from the Proxy's install script to a Database Service that joined by the instance's
 * role.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class EnrolmentIT {
  private static final String INSTANCE = "i-0123456789abcdef0";
  private static final String SESSION =
      "arn:aws:sts::123456789012:assumed-role/TeleportDatabaseService/" + INSTANCE;
  private static final String EXAMPLE = "teleport.example.com:443";

  private final Path folder;
  private final GuideSite guide;
  private final ImdsStandIn metadata;

  EnrolmentIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    guide = new GuideSite(folder);
    Instant now = Instant.now();
    metadata =
        ImdsStandIn.start(
            new ImdsStandIn.Instance(
                guide.aws.account().id(), guide.aws.account().region(), INSTANCE, now));
    AccessKey key =
        new AccessKey(
            "ASIASALLYPORTINSTANC",
            "instance/secret",
            Optional.of("session-token-of-the-instance"),
            Optional.of(now.plus(Duration.ofHours(6))),
            SESSION,
            Optional.of(guide.aws.account().role("TeleportDatabaseService")));
    guide.aws.addKey(key);
    metadata.role(key);
  }

  @BeforeAll
  void start() throws IOException {
    guide.site.startCluster(Map.of("AWS_ENDPOINT_URL_STS", guide.aws.stsUri().toString()));
    Path token = GuideFiles.repository().resolve("examples/ec2/token.yaml");
    guide.site.tctl("create", "-f", token.toString()).orFail();
    Path database =
        guide.site.write(
            "orders.yaml",
            """
            kind: db
            version: v3
            metadata: {name: orders, labels: {region: us-east-1}}
            spec:
              protocol: dynamodb
              aws: {region: us-east-1, account_id: "123456789012"}
            """);
    guide.site.tctl("create", "-f", database.toString()).orFail();
  }

  @AfterAll
  void stop() {
    metadata.close();
    guide.close();
  }

  @Test
  void userDataMakesAnInstanceADatabaseService() throws IOException {
    ScriptHost instance = instance("by-user-data");
    String script =
        GuideFiles.filled("ec2/user-data.sh", Map.of(EXAMPLE, guide.site.proxyAddress()));
    instance.shell("sh " + written(instance, script)).orFail();
    assertThat(instance.log()).hasContent("daemon-reload\nenable --now teleport\n");
    serves(instance);
  }

  /** An association runs it again and again: an instance that is done is left alone. */
  @Test
  void theDocumentOfSystemsManagerDoesAndLeavesADoneInstanceAlone() throws IOException {
    ScriptHost instance = instance("by-ssm");
    SsmDocument document = SsmDocument.read(GuideFiles.filled("ec2/ssm-document.yaml", Map.of()));
    String script = document.script(Map.of("Proxy", guide.site.proxyAddress()));
    String line = "sh " + written(instance, script);
    instance.shell(line).orFail();
    assertThat(instance.log()).hasContent("daemon-reload\nenable --now teleport\n");
    assertThat(instance.shell(line).orFail().output()).isEmpty();
    assertThat(instance.log()).hasContent("daemon-reload\nenable --now teleport\n");
    serves(instance);
  }

  private ScriptHost instance(String name) throws IOException {
    ScriptHost instance = new ScriptHost(folder, name, guide);
    instance.pack("");
    instance.program(
        "curl",
        """
        for argument in "$@"; do
          shift
          set -- "$@" "$(printf %%s "$argument" | sed 's|http://169.254.169.254|%s|')"
        done
        PATH=${PATH#*:} exec curl "$@\"\
        """
            .formatted(metadata.uri()));
    return instance;
  }

  private static Path written(ScriptHost instance, String script) throws IOException {
    return Files.writeString(instance.at("/root/script.sh"), instance.moved(script));
  }

  /** By its own file and environment, without a secret in either. */
  private void serves(ScriptHost instance) throws IOException {
    assertThat(instance.at("/etc/default/teleport")).hasContent("AWS_REGION=us-east-1\n");
    assertThat(instance.at("/etc/systemd/system/teleport.service"))
        .content()
        .contains("ExecStart=" + instance.at("/bin/teleport") + " start");
    assertThat(instance.at("/etc/teleport.yaml"))
        .content()
        .contains("join_params:\n    token_name: aws-agents\n    method: iam\n");
    assertThat(instance.at("/var/lib/teleport/join-token")).doesNotExist();
    Map<String, String> environment = new HashMap<>(metadata.environment());
    environment.put("AWS_EC2_METADATA_DISABLED", "false");
    environment.put("AWS_REGION", "us-east-1");
    environment.put("AWS_ENDPOINT_URL_STS", guide.aws.stsUri().toString());
    environment.put("SSL_CERT_FILE", folder.resolve("public-ca.pem").toString());
    try (RunningProcess agent = instance.startAgent(environment)) {
      agent.awaitLine("\\[DB\\] Service is serving.*orders");
    }
    guide.site.awaitAudit(line ->
        line.contains("\"event\":\"instance.join\"")
            && line.contains("\"method\":\"iam\"")
            && line.contains(SESSION));
  }
}
