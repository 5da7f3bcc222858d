package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.resources.ResourceReader;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.StsStandIn;
import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FaultyLine;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

  /** An agent announces what it serves every five minutes, if nothing has changed. */
  private static final Duration SOONER_THAN_BY_ITSELF = Duration.ofSeconds(15);

  private static final Duration PROMISED = Duration.ofSeconds(1);
  private static final int TIMES = 5;
  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final int CALLS = 25;
  private static final String HOP = "Hop";
  private static final String FAR_ROLE = "FarRole";

  private static final Logger log = LoggerFactory.getLogger(RegistrationIT.class);

  private final GuideSite guide;
  private final Path folder;
  private final FaultyLine oneWay = new FaultyLine();
  private final FaultyLine anotherWay = new FaultyLine();
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
    oneWay.leadTo(guide.aws.dynamoDbUri().getPort());
    anotherWay.leadTo(guide.aws.dynamoDbUri().getPort());
    guide.aws.sts().put(TrustedRole.trusting(account.role(HOP), account.agentArn()));
    guide.aws.sts().put(TrustedRole.trusting(account.role(FAR_ROLE), account.role(HOP)));
    guide
        .aws
        .sts()
        .put(
            TrustedRole.trusting(
                account.role(GuideSite.IAM_ROLE), account.agentArn(), account.role(HOP)));
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
            allow_hosts: ["127.0.0.1:%d", "127.0.0.1:%d"]
          - labels: {env: far}
            aws: {assume_role_arn: '%s'}
        """
            .formatted(oneWay.port(), anotherWay.port(), account.role(HOP)),
        StandardOpenOption.APPEND);
    agent = guide.joinAgent();
    robot = Robot.add(guide, "robot", "aws-dynamodb-access,far", "1h");
  }

  @AfterAll
  void stop() {
    guide.close();
    oneWay.close();
    anotherWay.close();
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
    assertThat(robot().fail(FreePorts.next(), GuideSite.IAM_ROLE, "orders").errors())
        .contains("orders", "not found");
    Awaitility.await("it is not listed any more")
        .atMost(SOON)
        .until(() -> !robot().databases().orFail().output().contains("orders"));
    assertThat(robot().databases().orFail().output()).contains(GuideSite.DATABASE);
    assertThat(guide.site.searchAudit(begun))
        .filteredOn(line -> line.contains("\"db.session.start\"") && line.contains("\"orders\""))
        .isNotEmpty()
        .allMatch(line -> line.contains("\"db_origin\":\"dynamic\""));
  }

  /** As fast as the stream of changes is: nothing that an agent does by the clock is waited for. */
  @Test
  void databasesComeChangeAndGoWithinASecond() throws IOException {
    List<Duration> took = new ArrayList<>();
    try (ControlClient control = administrator()) {
      for (int i = 0; i < TIMES; i++) {
        String name = "quick-" + i;
        took.add(until(() -> control.create(quick(name, "dev"), true), control, name, "dev"));
        took.add(until(() -> control.create(quick(name, "qa-1"), true), control, name, "qa-1"));
        took.add(until(() -> control.delete(Kind.DB, name), control, name, ""));
      }
    }
    log.info("after {}", took);
    assertThat(took).allMatch(one -> one.compareTo(SOONER_THAN_BY_ITSELF) < 0);
    // A loaded machine may take its time now and then; what waits for a clock is never fast.
    for (int kind = 0; kind < 3; kind++) {
      int first = kind;
      assertThat(IntStream.range(0, TIMES).mapToObj(i -> took.get(3 * i + first)))
          .anyMatch(one -> one.compareTo(PROMISED) < 0);
    }
  }

  /** How long it is until the agent has announced what came of it. */
  private Duration until(Runnable change, ControlClient control, String name, String env) {
    long begun = System.nanoTime();
    change.run();
    Awaitility.await(name + " is " + env)
        .atMost(SOON)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> announced(control, name).equals(env));
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static String announced(ControlClient control, String name) {
    return control.list(Kind.DB_SERVER, false).stream()
        .map(DatabaseServer.class::cast)
        .map(DatabaseServer::database)
        .filter(database -> database.name().equals(name))
        .map(database -> database.metadata().labels().getOrDefault("env", "?"))
        .findFirst()
        .orElse("");
  }

  private Database quick(String name, String env) {
    return (Database) ResourceReader.read(database(name, env, ""), name).getFirst();
  }

  private ControlClient administrator() throws IOException {
    IdentityFile file = IdentityFile.read(folder.resolve("cluster/admin.pem"));
    return new ControlClient(
        new ControlEndpoint("127.0.0.1", guide.site.authPort()),
        file.identity(),
        new IdentityVerifier(file::trust, InstantSource.system()),
        file.trust().clusterName());
  }

  @Test
  void whatIsChangedOfADatabaseHoldsForTheNextRequest() throws IOException {
    AwsStandIn.Account account = guide.aws.account();
    create(moving("dev", oneWay, ""));
    awaitListed("moving");
    try (Robot.Tunnel tunnel = robot().open(GuideSite.IAM_ROLE, "moving");
        DynamoDbClient client = client(tunnel)) {
      assertThat(client.listTables().tableNames()).contains(Load.TABLE);
      assertThat(lastHost()).contains("127.0.0.1:" + oneWay.port());

      change(moving("dev", anotherWay, ""));
      assertThat(client.listTables().tableNames()).contains(Load.TABLE);
      assertThat(lastHost()).contains("127.0.0.1:" + anotherWay.port());

      assertThat(assumer()).contains(account.agentArn());
      change(moving("dev", anotherWay, ", assume_role_arn: '" + account.role(HOP) + "'"));
      assertThat(client.listTables().tableNames()).contains(Load.TABLE);
      assertThat(assumer().orElseThrow()).contains(":assumed-role/" + HOP + "/");

      create(moving("elsewhere", anotherWay, ""));
      agent().awaitLine("removed=\"?\\[moving");
      assertThatThrownBy(client::listTables)
          .isInstanceOf(DynamoDbException.class)
          .hasMessageContaining("moving");
    }
  }

  /** Changes a database that the agent serves, and waits until it has heard. */
  private void change(String document) throws IOException {
    int before = changes();
    create(document);
    Awaitility.await("the agent follows").atMost(SOON).until(() -> changes() > before);
  }

  private int changes() {
    return (int)
        Pattern.compile("changed=\"?\\[moving").matcher(agent().transcript()).results().count();
  }

  /** Where the last request believed to be. */
  private Optional<String> lastHost() {
    return guide.aws.gate().received().stream()
        .reduce((_, later) -> later)
        .flatMap(received -> received.request().only("host"));
  }

  /** Who assumed the user's role last. */
  private Optional<String> assumer() {
    return guide.aws.sts().calls().stream()
        .filter(call ->
            guide.aws.account().role(GuideSite.IAM_ROLE).equals(call.parameters().get("RoleArn")))
        .reduce((_, later) -> later)
        .flatMap(StsStandIn.Call::principal);
  }

  private String moving(String env, FaultyLine way, String moreOfAws) {
    return """
    kind: db
    version: v3
    metadata:
      name: moving
      labels: {env: '%s'}
    spec:
      protocol: dynamodb
      uri: 'http://127.0.0.1:%d'
      aws: {region: us-east-1, account_id: "%s"%s}
    """
        .formatted(env, way.port(), guide.aws.account().id(), moreOfAws);
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

  /**
   * It learns what it serves a moment after its tunnel is up, and who asks then has to try again.
   */
  @Test
  void anAgentThatIsKilledAndComesBackRefusesNobody() throws IOException {
    create(database("lasting", "dev", ""));
    awaitListed("lasting");
    try (Robot.Tunnel tunnel = robot().open(GuideSite.IAM_ROLE, "lasting");
        Load load = Load.start(tunnel.port(), PAUSE)) {
      Awaitility.await("calls that go well").atMost(SOON).until(() -> load.goingWellFor(CALLS));
      agent().kill();
      Awaitility.await("the outage").atMost(SOON).until(() -> load.failingFor(Duration.ofNanos(1)));
      agent = guide.startAgent();
      Awaitility.await("calls that go well again")
          .atMost(SOON)
          .until(() -> load.goingWellFor(CALLS));
      load.stop();
      assertThat(load.wrong()).isEmpty();
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
