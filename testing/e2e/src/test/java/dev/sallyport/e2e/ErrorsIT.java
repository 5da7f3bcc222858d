package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.ControlJson;
import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.aws.Weather;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ListTablesResponse;
import tools.jackson.databind.JsonNode;

/**
 * Whatever keeps a request from DynamoDB, the program is told at once and in DynamoDB's own form:
 * refusals so that the SDK gives up, outages so that it tries again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ErrorsIT {
  private static final String ANY_ROLE =
      """
      kind: role
      version: v7
      metadata:
        name: any-aws-role
      spec:
        allow:
          db_labels:
            '*': '*'
          db_users: ['*']
      """;

  private static final Executor THREADS = Thread::startVirtualThread;

  private final Path folder;
  private final GuideSite guide;
  private final int nobodyListens = FreePorts.next();
  private @Nullable RunningProcess agent;
  private @Nullable Robot owner;
  private @Nullable Robot administrator;
  private Robot.@Nullable Tunnel tunnel;

  ErrorsIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    guide = new GuideSite(folder);
  }

  @BeforeAll
  void start() throws IOException {
    Path file = folder.resolve("agent.yaml");
    Files.writeString(file, Files.readString(file) + unreachableDatabase());
    guide.startCluster();
    guide.createRole();
    Path any = guide.site.write("any-aws-role.yaml", ANY_ROLE);
    guide.site.tctl("create", "-f", any.toString()).orFail();
    agent = guide.joinAgent();
    owner = Robot.add(guide, "owner", "aws-dynamodb-access", "1h");
    administrator = Robot.add(guide, "administrator", "any-aws-role", "1h");
    tunnel = owner().open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
  }

  private String unreachableDatabase() {
    return """
        - name: "unreachable"
          protocol: "dynamodb"
          uri: "http://127.0.0.1:%d"
          static_labels:
            env: "dev"
          aws:
            region: "us-east-1"
            account_id: "123456789012"
    """
        .formatted(nobodyListens);
  }

  /** The file of an agent more, which can join once. */
  private Path anotherAgent(String name, String database) throws IOException {
    Path token = folder.resolve(name + ".token");
    Files.writeString(
        token, guide.site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output());
    return guide.site.write(
        name + ".yaml",
        """
        version: v3
        teleport:
          nodename: %s
          data_dir: %s
          proxy_server: %s
          auth_token: %s
        db_service:
          enabled: true
          databases:
            - name: "%s"
              protocol: "dynamodb"
              static_labels:
                env: "dev"
              aws:
                region: "us-east-1"
                account_id: "123456789012"
        """
            .formatted(name, folder.resolve(name), guide.site.proxyAddress(), token, database));
  }

  @AfterEach
  void fairWeather() {
    guide.aws.gate().weather(Weather.FINE);
    guide.aws.sts().weather(Weather.FINE);
  }

  @AfterAll
  void stop() {
    Optional.ofNullable(tunnel).ifPresent(Robot.Tunnel::close);
    guide.close();
  }

  @Test
  @Order(1)
  void aRoleThatTheClusterDoesNotGiveIsRefused() throws IOException {
    try (Robot.Tunnel wrong = owner().open("SomeOtherRole", GuideSite.DATABASE)) {
      SdkFailure.of(wrong.port()).isRefusal("AccessDenied", "SomeOtherRole");
    }
    assertThat(guide.aws.sts().calls())
        .noneMatch(call -> call.parameters().toString().contains("SomeOtherRole"));
  }

  @Test
  @Order(1)
  void aUserWithoutTheRoleIsRefused() throws IOException {
    Robot stranger = Robot.add(guide, "stranger", "access", "1h");
    try (Robot.Tunnel refused = stranger.open(GuideSite.IAM_ROLE, GuideSite.DATABASE)) {
      SdkFailure.of(refused.port()).isRefusal("AccessDenied", GuideSite.DATABASE);
    }
  }

  @Test
  @Order(1)
  void aUserWhoMaySeeNoDatabaseIsToldThatThereIsNone() throws IOException {
    Robot clerk = Robot.add(guide, "clerk", "editor", "1h");
    CommandResult refused = clerk.fail(0, GuideSite.IAM_ROLE, GuideSite.DATABASE);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors())
        .contains("database \"example-dynamodb\" not found, use 'tsh db ls'");
  }

  @Test
  @Order(1)
  void aDatabaseThatNobodyServesIsNotFound() throws IOException {
    CommandResult refused = owner().fail(0, GuideSite.IAM_ROLE, "nosuch");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors())
        .contains("database \"nosuch\" not found, use 'tsh db ls' to see registered databases");
  }

  @Test
  @Order(1)
  void aPortThatIsTakenIsNamed() throws IOException {
    CommandResult refused = owner().fail(tunnel().port(), GuideSite.IAM_ROLE, GuideSite.DATABASE);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors())
        .contains("listen tcp 127.0.0.1:" + tunnel().port() + ": bind: address already in use");
  }

  @Test
  @Order(1)
  void aRoleThatDoesNotTrustTheAgentIsExplained() throws IOException {
    String role = guide.aws.account().role("Distrusting");
    guide.aws.sts().put(TrustedRole.trusting(role, guide.aws.account().role("SomebodyElse")));
    try (Robot.Tunnel refused = administrator().open("Distrusting", GuideSite.DATABASE)) {
      SdkFailure.of(refused.port())
          .isRefusal(
              "AccessDenied",
              "role " + role + " does not trust agent role " + guide.aws.account().agentArn(),
              "sts:AssumeRole");
    }
  }

  @Test
  @Order(1)
  void anOutageOfStsIsTriedAgainAndPasses() throws IOException {
    guide
        .aws
        .sts()
        .put(
            TrustedRole.trusting(
                guide.aws.account().role("LateRiser"), guide.aws.account().agentArn()));
    try (Robot.Tunnel late = administrator().open("LateRiser", GuideSite.DATABASE)) {
      works(tunnel().port());
      guide.aws.sts().weather(Weather.THROTTLING);
      SdkFailure.of(late.port()).isOutage("AWS STS of us-east-1 cannot answer now (Throttling");
      works(tunnel().port());
      guide.aws.sts().weather(Weather.OUTAGE);
      SdkFailure.of(late.port()).isOutage("AWS STS of us-east-1");
      guide.aws.sts().weather(Weather.BROKEN);
      SdkFailure.of(late.port()).isOutage("AWS STS of us-east-1 cannot be reached");
      guide.aws.sts().weather(Weather.FINE);
      works(late.port());
    }
  }

  @Test
  @Order(1)
  void anOutageOfDynamoDbIsPassedOnAndTriedAgain() {
    works(tunnel().port());
    guide.aws.gate().weather(Weather.OUTAGE);
    SdkFailure.of(tunnel().port()).isOutage("Unavailable");
    guide.aws.gate().weather(Weather.BROKEN);
    SdkFailure.of(tunnel().port()).isBrokenConnection();
    guide.aws.gate().weather(Weather.FINE);
    works(tunnel().port());
  }

  @Test
  @Order(1)
  void aServerThatDoesNotListenIsAnOutage() throws IOException {
    try (Robot.Tunnel nowhere = owner().open(GuideSite.IAM_ROLE, "unreachable")) {
      SdkFailure.of(nowhere.port())
          .isOutage("cannot reach http://127.0.0.1:" + nobodyListens, "was not sent");
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(owner().databases().orFail().output())
                .containsPattern("Health +Allowed Users")
                .containsPattern("example-dynamodb .* healthy ")
                .containsPattern("unreachable .* unhealthy "));
    JsonNode servers =
        ControlJson.MAPPER.readTree(
            guide.site.tctl("get", "db_server", "--format=json").orFail().output());
    assertThat(servers)
        .anySatisfy(server -> assertHealth(server, GuideSite.DATABASE, "healthy", ""))
        .anySatisfy(server ->
            assertHealth(server, "unreachable", "unhealthy", "127.0.0.1:" + nobodyListens));
  }

  private static void assertHealth(JsonNode server, String name, String status, String error) {
    assertThat(server.at("/metadata/name").asString()).isEqualTo(name);
    JsonNode health = server.at("/status/target_health");
    assertThat(health.path("status").asString()).isEqualTo(status);
    assertThat(health.toString()).contains(error);
  }

  @Test
  @Order(1)
  void anAgentWithoutCredentialsSaysSoAtItsStartAndToTheClient() throws IOException {
    Path file = anotherAgent("agent-2", "without-credentials");
    Map<String, String> poor = new HashMap<>(guide.agentEnvironment());
    poor.remove("AWS_ACCESS_KEY_ID");
    poor.remove("AWS_SECRET_ACCESS_KEY");
    poor.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
    poor.put("AWS_CONFIG_FILE", folder.resolve("none").toString());
    try (RunningProcess second = guide.site.startService(file, poor)) {
      second.awaitLine("has no AWS credentials.*every request will be refused");
      second.awaitLine("\\[DB\\] Service is serving without-credentials");
      try (Robot.Tunnel refused = owner().open(GuideSite.IAM_ROLE, "without-credentials")) {
        SdkFailure.of(refused.port())
            .isRefusal("AccessDenied", "AWS_ACCESS_KEY_ID", "Database Service");
      }
    }
  }

  @Test
  @Order(2)
  void aRoleThatIsTakenAwayIsGoneFromAnOpenTunnelWithinASecond() throws IOException {
    works(tunnel().port());
    try (DynamoDbClient client = once(tunnel().port())) {
      guide.site.tctl("users", "update", "owner", "--set-roles=access").orFail();
      Awaitility.await("the refusal")
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofSeconds(1))
          .until(() -> refused(client));
      SdkFailure.of(tunnel().port()).isRefusal("AccessDenied", "access to db denied");
    }
    guide.site.tctl("users", "update", "owner", "--set-roles=aws-dynamodb-access").orFail();
    Awaitility.await("the role")
        .atMost(Duration.ofSeconds(5))
        .ignoreException(DynamoDbException.class)
        .until(() -> works(tunnel().port()));
  }

  @Test
  @Order(2)
  @Tag("long")
  void aCertificateThatEndsIsToldWithWhatToDo() throws IOException {
    Robot brief = Robot.add(guide, "brief", "aws-dynamodb-access", "1m");
    try (Robot.Tunnel open = brief.open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
        DynamoDbClient client = once(open.port())) {
      works(open.port());
      Awaitility.await("the end of the certificate")
          .atMost(Duration.ofSeconds(90))
          .until(() -> refused(client));
      SdkFailure.of(open.port()).isRefusal("ExpiredToken", "expired at");
    }
    CommandResult refused = brief.fail(0, GuideSite.IAM_ROLE, GuideSite.DATABASE);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors()).contains("your login has expired at", "tctl auth sign");
  }

  @Test
  @Order(3)
  void anAgentThatIsRestartedIsAnOutageAndNoRefusal() throws IOException {
    Optional.ofNullable(agent).orElseThrow().close();
    SdkFailure.of(tunnel().port()).isOutage("database \"example-dynamodb\" not found");
    agent = guide.startAgent();
    works(tunnel().port());
  }

  /** It is still announced, and as well as any: half of those who come are led to it first. */
  @Test
  @Order(3)
  void aFrozenAgentIsPassedOverForAnotherOne() throws IOException {
    Path file = anotherAgent("agent-3", GuideSite.DATABASE);
    RunningProcess frozen = Optional.ofNullable(agent).orElseThrow();
    try (RunningProcess second = guide.site.startService(file, guide.agentEnvironment())) {
      second.awaitLine("\\[DB\\] Service is serving " + GuideSite.DATABASE);
      frozen.suspend();
      try (Robot.Tunnel fresh = owner().open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
          DynamoDbClient client = once(fresh.port())) {
        List<CompletableFuture<ListTablesResponse>> calls =
            Stream.generate(() -> CompletableFuture.supplyAsync(client::listTables, THREADS))
                .limit(8)
                .toList();
        assertThat(calls).allSatisfy(call -> assertThat(call.join().tableNames()).isNotEmpty());
      } finally {
        frozen.resume();
      }
    }
    works(tunnel().port());
  }

  @Test
  @Order(4)
  void withoutAnAgentRequestsFailAsInAnOutage() {
    Optional.ofNullable(agent).orElseThrow().kill();
    SdkFailure.of(tunnel().port()).isOutage("no agent of database \"example-dynamodb\"");
  }

  private static DynamoDbClient once(int port) {
    return SdkClients.dynamoDbOnce(URI.create("http://localhost:" + port));
  }

  private static boolean refused(DynamoDbClient client) {
    try {
      List<String> _ = client.listTables().tableNames();
      return false;
    } catch (DynamoDbException e) {
      assertThat(e.statusCode()).as(e.toString()).isEqualTo(400);
      return true;
    }
  }

  private static boolean works(int port) {
    try (DynamoDbClient client = SdkClients.dynamoDb(URI.create("http://localhost:" + port))) {
      assertThat(client.listTables().tableNames()).isNotEmpty();
      return true;
    }
  }

  private Robot owner() {
    return Optional.ofNullable(owner).orElseThrow();
  }

  private Robot administrator() {
    return Optional.ofNullable(administrator).orElseThrow();
  }

  private Robot.Tunnel tunnel() {
    return Optional.ofNullable(tunnel).orElseThrow();
  }
}
