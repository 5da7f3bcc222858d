package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.client.SdkClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// A Database Service that gets its own credentials from a profile's command.
class OwnCredentialsTest {
  @TempDir Path folder;

  @Test
  void aCommandThatFailsIsToldToWhoeverSendsARequestAndServesAsSoonAsItIsMended() throws Exception {
    var upstream =
        new ScriptedUpstream(
            (request, caller) -> ScriptedUpstream.json(200, "REQ", "{\"TableNames\":[\"Music\"]}"));
    var config = command("echo The SSO session has expired >&2; exit 255");
    try (var aws =
            AwsStandIn.start(
                AwsStandIn.Account.example(), InstantSource.system(), upstream, Optional.empty());
        var cluster =
            TestCluster.start(
                folder,
                aws,
                InstantSource.system(),
                "",
                Map.of(
                    "AWS_ACCESS_KEY_ID", "",
                    "AWS_SECRET_ACCESS_KEY", "",
                    "AWS_PROFILE", "agent",
                    "AWS_CONFIG_FILE", config.toString(),
                    "AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString()))) {
      var alice = cluster.addPerson("alice", "access,aws-dynamodb-access");
      cluster.signIn(alice);
      try (var tunnel =
              alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
          var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
        assertThatThrownBy(client::listTables)
            .isInstanceOf(DynamoDbException.class)
            .hasMessageContaining(
                "the Database Service gets no AWS credentials from profile \"agent\":"
                    + " credential_process ended with exit code 255")
            .hasMessageNotContaining("expired")
            .extracting(refusal -> ((DynamoDbException) refusal).statusCode())
            .isEqualTo(400);
        assertThat(folder.resolve("teleport.log"))
            .content()
            .contains("[The SSO session has expired]");

        var keys = folder.resolve("keys.json");
        Files.writeString(
            keys,
            "{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\"}"
                .formatted(aws.account().agentKeyId(), aws.account().agentSecret()));
        command("cat " + keys);
        await()
            .ignoreExceptions()
            .until(() -> client.listTables().tableNames().equals(List.of("Music")));
        assertThat(folder.resolve("teleport.log"))
            .content()
            .doesNotContain(aws.account().agentSecret());
      }
    }
  }

  private Path command(String line) throws Exception {
    return Files.writeString(
        folder.resolve("aws-config"), "[profile agent]\ncredential_process = " + line + "\n");
  }
}
