package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.clock.MovableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// One part's clock is wrong, or jumps, while the others' are right.
class ClockJumpTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static AwsStandIn aws;
  private static TestCluster cluster;
  private final MovableClock laptop = MovableClock.ofThisMachine();

  @BeforeAll
  static void start() throws Exception {
    aws =
        AwsStandIn.start(
            AwsStandIn.Account.example(),
            InstantSource.system(),
            (request, caller) -> ScriptedUpstream.json(200, "R", "{\"TableNames\":[\"Music\"]}"),
            Optional.empty());
    cluster = TestCluster.start(folder, aws, InstantSource.system());
    cluster.addPerson("alice", "access,aws-dynamodb-access");
  }

  @AfterAll
  static void stop() {
    cluster.close();
    aws.close();
  }

  private static void served(DynamoDbClient client) {
    await().atMost(SOON).ignoreExceptions().until(() -> client.listTables().hasTableNames());
  }

  private static DynamoDbException refused(DynamoDbClient client) {
    return catchThrowableOfType(DynamoDbException.class, client::listTables);
  }

  @Test
  void aLaptopWhoseClockIsAheadIsServedOrToldToSignInAndGoesOnOnceItIsRight() throws Exception {
    var alice = cluster.person("alice", laptop);
    cluster.signIn(alice);
    try (var tunnel = alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      served(client);
      laptop.move(Duration.ofHours(13));
      try (var another = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
        var refusal = refused(another);
        assertThat(refusal)
            .satisfiesAnyOf(
                byAnOpenConnection -> assertThat(byAnOpenConnection).isNull(),
                ended -> {
                  assertThat(ended.statusCode()).isEqualTo(400);
                  assertThat(ended.getMessage()).contains("has expired at", "tsh login");
                });
        laptop.move(Duration.ofHours(-13));
        served(another);
      }
      served(client);
    }
  }

  @Test
  void aLaptopWhoseClockIsBehindIsServedOrHasAnOutageAndGoesOnOnceItIsRight() throws Exception {
    var alice = cluster.person("alice", laptop);
    cluster.signIn(alice);
    try (var tunnel = alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
        var before = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      served(before);
      laptop.move(Duration.ofDays(-2));
      try (var after = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
        var refusal = refused(after);
        assertThat(refusal)
            .satisfiesAnyOf(
                none -> assertThat(none).isNull(),
                outage -> assertThat(outage.statusCode()).isEqualTo(503));
        laptop.move(Duration.ofDays(2));
        served(after);
      }
      served(before);
    }
  }
}
