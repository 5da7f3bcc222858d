package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.ControlJson;
import dev.sallyport.testkit.aws.ReceivedRequest;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import tools.jackson.databind.JsonNode;

/**
 * Parts are killed under load, stay away for a while and come back. Programs see only what an SDK
 * tries again, and go on through the same tunnel; nobody starts {@code tsh} anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OutagesIT {
  private static final Logger log = LoggerFactory.getLogger(OutagesIT.class);
  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final Duration LONG = Duration.ofSeconds(10);

  /** What is promised, on a machine that has time. */
  private static final Duration BACK_WITHIN = Duration.ofSeconds(2);

  /** What holds on a machine that does many other things. */
  private static final Duration BACK_WITHIN_AT_LEAST = Duration.ofSeconds(10);

  private static final int CALLS_THAT_SHOW_IT = 25;

  private final GuideSite guide;
  private @Nullable RunningProcess cluster;
  private @Nullable RunningProcess agent;
  private Robot.@Nullable Tunnel tunnel;

  OutagesIT(@TempDir Path folder) throws IOException {
    guide = new GuideSite(folder);
  }

  /** Kills a part and gives back the way to start it again. */
  private interface Blow {
    Starter strike() throws IOException;
  }

  /** Starts a part; returns when the part says that it serves. */
  private interface Starter {
    void start() throws IOException;
  }

  @BeforeAll
  void start() throws IOException {
    createTable();
    cluster = guide.startCluster();
    guide.createRole();
    agent = guide.joinAgent();
    tunnel =
        Robot.add(guide, "owner", "aws-dynamodb-access", "1h")
            .open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
  }

  private void createTable() {
    try (DynamoDbClient operator =
        SdkClients.dynamoDb(guide.aws.dynamoDbUri(), guide.aws.agentCredentials())) {
      operator.createTable(table ->
          table
              .tableName(Load.TABLE)
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .attributeDefinitions(
                  AttributeDefinition.builder()
                      .attributeName(Load.KEY)
                      .attributeType(ScalarAttributeType.S)
                      .build())
              .keySchema(
                  KeySchemaElement.builder()
                      .attributeName(Load.KEY)
                      .keyType(KeyType.HASH)
                      .build()));
    }
  }

  @AfterAll
  void stop() {
    Optional.ofNullable(tunnel).ifPresent(Robot.Tunnel::close);
    guide.close();
  }

  @Test
  void anAgentThatIsKilledAndComesBackIsAnOutageAndNothingElse() throws IOException {
    outage(this::killAgent, SHORT, BACK_WITHIN_AT_LEAST);
    everyRequestIsOnRecordBut(Load.PROGRAMS);
  }

  @Test
  void aClusterThatIsKilledAndComesBackIsAnOutageAndNothingElse() throws IOException {
    outage(this::killCluster, SHORT, BACK_WITHIN_AT_LEAST);
    everyRequestIsOnRecordBut(0);
  }

  @Test
  @Tag("long")
  void anAgentThatWasAwayForTenSecondsIsUsedTwoSecondsAfterItsReturn() throws IOException {
    outage(this::killAgent, LONG, BACK_WITHIN);
    everyRequestIsOnRecordBut(Load.PROGRAMS);
  }

  @Test
  @Tag("long")
  void aClusterThatWasAwayForTenSecondsIsUsedTwoSecondsAfterItsReturn() throws IOException {
    outage(this::killCluster, LONG, BACK_WITHIN);
    everyRequestIsOnRecordBut(0);
  }

  private Starter killAgent() {
    Optional.ofNullable(agent).orElseThrow().kill();
    return () -> agent = guide.startAgent();
  }

  private Starter killCluster() {
    Optional.ofNullable(cluster).orElseThrow().kill();
    return () -> cluster = guide.startCluster();
  }

  private void outage(Blow blow, Duration away, Duration backWithin) throws IOException {
    guide.aws.gate().forget();
    try (Load load = Load.start(Optional.ofNullable(tunnel).orElseThrow().port())) {
      awaitGoingWell(load, Duration.ofSeconds(30));
      Starter starter = blow.strike();
      Awaitility.await("the outage")
          .atMost(away.plusSeconds(30))
          .until(() -> load.failingFor(away));
      starter.start();
      long ready = System.nanoTime();
      awaitGoingWell(load, Duration.ofSeconds(60));
      Duration back = Duration.ofNanos(Math.max(0, load.workingSince() - ready));
      load.stop();
      log.info(
          "back {} ms after the part was ready; {} calls went well, failures: {}",
          back.toMillis(),
          load.succeeded(),
          load.failures());
      assertThat(load.wrong()).isEmpty();
      assertThat(load.failures()).isNotEmpty();
      assertThat(back).isLessThan(backWithin);
    }
    assertThat(Optional.ofNullable(tunnel).orElseThrow().process().alive()).isTrue();
  }

  private static void awaitGoingWell(Load load, Duration patience) {
    Awaitility.await("calls that go well")
        .atMost(patience)
        .until(() -> load.goingWellFor(CALLS_THAT_SHOW_IT));
  }

  /**
   * Looks each request that reached AWS up in the logs of agent and cluster, by the id that the SDK
   * gave it.
   *
   * @param underWay how many may miss: those that were under way when the agent was killed, which
   *     are at most one for each program
   */
  private void everyRequestIsOnRecordBut(int underWay) throws IOException {
    Set<String> reached =
        guide.aws.gate().received().stream()
            .map(ReceivedRequest::request)
            .flatMap(request -> request.only("amz-sdk-invocation-id").stream())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(reached).isNotEmpty();
    Awaitility.await("the records")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          Set<String> missing = new TreeSet<>(reached);
          missing.removeAll(recorded());
          log.info("{} of {} requests are not on record", missing.size(), reached.size());
          assertThat(missing).hasSizeLessThanOrEqualTo(underWay);
        });
  }

  /** The ids of the requests in the audit log. */
  private Set<String> recorded() throws IOException {
    List<String> lines = guide.site.searchAudit();
    Set<String> found = new HashSet<>();
    for (String line : lines) {
      JsonNode event = ControlJson.MAPPER.readTree(line);
      if (event.path("event").asString("").equals("db.session.dynamodb.request")) {
        found.add(event.path("invocation_id").asString(""));
      }
    }
    return found;
  }
}
