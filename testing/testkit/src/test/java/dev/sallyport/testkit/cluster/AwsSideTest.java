package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ReceivedRequest;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.clock.MovableClock;
import dev.sallyport.testkit.tls.PublicAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster and an AWS that disagree: on the time, and on which credentials are good. AWS speaks
/// TLS and verifies signatures; STS and DynamoDB go by one clock.
class AwsSideTest {
  @TempDir static Path folder;
  private final MovableClock clusterTime = MovableClock.ofThisMachine();
  private final MovableClock awsTime = MovableClock.ofThisMachine();
  private final ScriptedUpstream upstream =
      new ScriptedUpstream(
          (request, caller) -> ScriptedUpstream.json(200, "REQ", "{\"TableNames\":[\"Music\"]}"));
  private AwsStandIn aws;
  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    var authority = new PublicAuthority("AWS stand-in", Instant.now());
    aws =
        AwsStandIn.start(
            AwsStandIn.Account.example(),
            awsTime,
            upstream,
            Optional.of(authority.serverContext(List.of("localhost"))));
    cluster =
        TestCluster.start(
            folder,
            aws,
            clusterTime,
            "",
            Map.of(
                "AWS_CA_BUNDLE", authority.writeCertificate(folder.resolve("aws.pem")).toString()));
  }

  @AfterEach
  void stop() {
    cluster.close();
    aws.close();
  }

  @Test
  void aClockThatIsHalfAnHourOffAndCredentialsThatAwsForgotAreMendedAndOnRecord() throws Exception {
    var alice = cluster.addPerson("alice", "access,aws-dynamodb-access");
    cluster.signIn(alice);
    awsTime.move(Duration.ofMinutes(30));
    try (var tunnel = alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      assertThat(client.listTables().tableNames()).containsExactly("Music");
      assertThat(refusals()).containsExactly("InvalidSignatureException");
      assertThat(aws.sts().calls())
          .as("the SDK corrects its clock by itself")
          .anyMatch(call -> call.error().isEmpty())
          .anyMatch(call -> call.error().equals(Optional.of("SignatureDoesNotMatch")));
      awsTime.move(Duration.ofMinutes(-40));
      assertThat(client.listTables().tableNames()).containsExactly("Music");
      assertThat(refusals()).hasSize(2);
      assertThat(cluster.diagnostics("/metrics").body())
          .contains("sallyport_db_requests_sent_again_total{refusal=\"clock\"} 2")
          .containsPattern("sallyport_db_aws_clock_offset_seconds -(599|600|601)");

      clusterTime.move(Duration.ofSeconds(61));
      // The agent, whose clock jumped, first has to hear from Auth again.
      await()
          .ignoreExceptions()
          .until(() -> client.listTables().tableNames().equals(List.of("Music")));
      aws.forgetSessions();
      assertThat(client.listTables().tableNames()).containsExactly("Music");
      assertThat(refusals()).hasSize(3).last().isEqualTo("UnrecognizedClientException");
    }
    assertThat(folder.resolve("teleport.log"))
        .content()
        .contains("requests are signed with AWS's time", "localTime", "awsTime");
    await()
        .untilAsserted(() ->
            assertThat(
                    cluster
                        .tctl(
                            "audit",
                            "search",
                            "--type=db.session.dynamodb.request",
                            "--format=json")
                        .orFail()
                        .output())
                .contains(
                    "\"first_refusal\":\"InvalidSignatureException\"",
                    "\"first_refusal\":\"UnrecognizedClientException\""));
  }

  private List<String> refusals() {
    return aws.gate().received().stream()
        .map(ReceivedRequest::refusal)
        .flatMap(Optional::stream)
        .toList();
  }
}
