package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Databases that {@code tctl} makes come and go at a running agent, beside the one of its file, and
 * are reached by the role that the agent's file says.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledOnOs(OS.WINDOWS)
final class RegistrationIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String HOP = "Hop";
  private static final String FAR_ROLE = "FarRole";

  private final GuideSite guide;
  private final Path folder;
  private @Nullable RunningProcess agent;
  private @Nullable Robot robot;

  RegistrationIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    guide = new GuideSite(folder);
  }

  @BeforeAll
  void start() throws IOException {
    Load.createTable(guide);
    var account = guide.aws.account();
    guide.aws.sts().put(TrustedRole.trusting(account.role(HOP), account.agentArn()));
    guide.aws.sts().put(TrustedRole.trusting(account.role(FAR_ROLE), account.role(HOP)));
    guide.startCluster();
    guide.createRole();
    create(
        """
        kind: role
        version: v7
        metadata: {name: far}
        spec: {allow: {db_labels: {env: far}, db_users: [%s]}}
        """
            .formatted(FAR_ROLE));
    Files.writeString(
        folder.resolve("agent.yaml"),
        """
          resources:
          - labels: {env: [dev, 'qa-*']}
          - labels: {env: far}
            aws: {assume_role_arn: '%s'}
        """
            .formatted(account.role(HOP)),
        StandardOpenOption.APPEND);
    agent = guide.joinAgent();
    robot = Robot.add(guide, "robot", "aws-dynamodb-access,far", "1h");
  }

  @AfterAll
  void stop() {
    guide.close();
  }

  @Test
  void aDatabaseComesServesAndGoes() throws IOException {
    create(database("orders", "qa-7", ""));
    awaitListed("orders");
    Instant begun = Instant.now();
    try (Robot.Tunnel tunnel = robot().open(GuideSite.IAM_ROLE, "orders");
        DynamoDbClient client = client(tunnel)) {
      assertThat(client.listTables().tableNames()).contains(Load.TABLE);
      guide.site.tctl("rm", "db/orders").orFail();
      Instant gone = Instant.now();
      Awaitility.await("requests are refused")
          .atMost(SOON)
          .untilAsserted(() ->
              assertThatThrownBy(client::listTables)
                  .isInstanceOf(DynamoDbException.class)
                  .hasMessageContaining("orders"));
      assertThat(Duration.between(gone, Instant.now())).isLessThan(Duration.ofSeconds(20));
    }
    Awaitility.await("it is not listed any more")
        .atMost(SOON)
        .until(() -> !robot().databases().orFail().output().contains("orders"));
    assertThat(robot().databases().orFail().output()).contains(GuideSite.DATABASE);
    assertThat(guide.site.searchAudit(begun))
        .filteredOn(line -> line.contains("\"db.session.start\"") && line.contains("\"orders\""))
        .isNotEmpty()
        .allMatch(line -> line.contains("\"db_origin\":\"dynamic\""));
  }

  @Test
  void theAgentsFileSaysByWhichRoleADatabaseIsReached() throws IOException {
    create(database("far-away", "far", ""));
    awaitListed("far-away");
    try (Robot.Tunnel tunnel = robot().open(FAR_ROLE, "far-away");
        DynamoDbClient client = client(tunnel)) {
      assertThat(client.listTables().tableNames()).contains(Load.TABLE);
    }
  }

  @Test
  void whatTheAgentDoesNotServeIsTold() throws IOException {
    create(database(GuideSite.DATABASE, "dev", ""));
    agent().awaitLine("not served by this agent.*one of this name stands in the agent's file");
    create(
        database(
            "labelled",
            "dev",
            "  dynamic_labels:\n    os: {command: [touch, %s], period: 1s}\n"
                .formatted(folder.resolve("touched"))));
    agent().awaitLine("not served by this agent.*agents run commands of their files alone");
    awaitListed("labelled");
    create(database("elsewhere", "other", ""));
    create(database("last", "dev", ""));
    awaitListed("last");
    assertThat(robot().databases().orFail().output()).doesNotContain("elsewhere");
    assertThat(folder.resolve("touched")).doesNotExist();
  }

  @Test
  void aNameThatTheFileTakesWithAReloadIsTold() throws IOException {
    create(database("taken", "dev", ""));
    awaitListed("taken");
    Path file = folder.resolve("agent.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "  databases:\n",
                """
                  databases:
                    - name: taken
                      protocol: dynamodb
                      aws: {region: us-east-1, account_id: "%s"}
                """
                    .formatted(guide.aws.account().id())));
    agent().hangUp();
    agent()
        .awaitLine("not served by this agent.*taken.*one of this name stands in the agent's file");
  }

  private RunningProcess agent() {
    return Objects.requireNonNull(agent, "not started");
  }

  private Robot robot() {
    return Objects.requireNonNull(robot, "not started");
  }

  private void awaitListed(String name) {
    Awaitility.await("tsh db ls shows " + name)
        .atMost(SOON)
        .until(() -> robot().databases().orFail().output().contains(name));
  }

  private void create(String document) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "resource", ".yaml"), document);
    guide.site.tctl("create", "-f", file.toString()).orFail();
  }

  private String database(String name, String env, String more) {
    return """
    kind: db
    version: v3
    metadata:
      name: %s
      labels: {env: '%s'}
    spec:
      protocol: dynamodb
      aws: {region: us-east-1, account_id: "%s"}
    %s
    """
        .formatted(name, env, guide.aws.account().id(), more.isEmpty() ? "" : more);
  }

  private static DynamoDbClient client(Robot.Tunnel tunnel) {
    return SdkClients.dynamoDb(URI.create("http://localhost:" + tunnel.port()));
  }
}
