package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.aws.StsStandIn;
import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.client.SdkClients;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// A database whose users' sessions carry a source identity, and tags of their traits.
class SessionMarksTest {
  @TempDir Path folder;

  @Test
  void sessionsCarryWhoTheUserIsAndTheirTraitsAndSayWhatAnIamRoleDoesNotAllow() throws Exception {
    var upstream =
        new ScriptedUpstream(
            (request, caller) -> ScriptedUpstream.json(200, "REQ", "{\"TableNames\":[\"Music\"]}"));
    try (var aws =
            AwsStandIn.start(
                AwsStandIn.Account.example(), InstantSource.system(), upstream, Optional.empty());
        var cluster = TestCluster.start(folder, aws, InstantSource.system())) {
      ask(
          "session_tags: {team: data}, session_tags_from_traits: {dept: department},"
              + " source_identity: yes");
      cluster.restart();
      var alice = cluster.addPerson("alice", "access,aws-dynamodb-access");
      cluster.signIn(alice);
      try (var tunnel =
          alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE)) {
        refused(tunnel.endpoint(), "session tag \"dept\" needs trait \"department\" of the user");
      }
      assertThat(aws.sts().calls()).as("nobody asks AWS for such a session").isEmpty();

      traits(cluster, "department: [blue], team: [admin], TEAM: [admin]");
      alice.tsh("logout").orFail();
      cluster.signIn(alice);
      try (var tunnel =
              alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
          var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
        refused(tunnel.endpoint(), "sts:TagSession is missing");
        var role =
            TrustedRole.trusting(
                aws.account().role(TestCluster.IAM_ROLE), aws.account().agentArn());
        aws.sts().put(role.withSessionTags());
        await().untilAsserted(() -> refused(tunnel.endpoint(), "sts:SetSourceIdentity is missing"));
        aws.sts().put(role.withSessionTags().withSourceIdentity());
        await()
            .ignoreExceptions()
            .until(() -> client.listTables().tableNames().equals(List.of("Music")));
        assertThat(aws.sts().calls().getLast())
            .extracting(StsStandIn.Call::parameters)
            .satisfies(form ->
                assertThat(form)
                    .containsEntry("SourceIdentity", "alice")
                    .containsEntry("RoleSessionName", "alice")
                    .containsValues("team", "data", "dept", "blue")
                    .doesNotContainKey("Tags.member.3.Key"));

        traits(cluster, "department: [red]");
        await().untilAsserted(() -> refused(tunnel.endpoint(), "which changed since the sign-in"));
      }
    }
  }

  private static void refused(URI endpoint, String why) {
    try (var client = SdkClients.dynamoDbOnce(endpoint)) {
      assertThatThrownBy(client::listTables)
          .isInstanceOf(DynamoDbException.class)
          .hasMessageContaining(why);
    }
  }

  /// Adds to the database's `aws`.
  private void ask(String more) throws Exception {
    var file = folder.resolve("teleport.yaml");
    var text = Files.readString(file);
    var begin = "aws: {region: us-east-1, ";
    assertThat(text).contains(begin);
    Files.writeString(file, text.replace(begin, begin + more + ", "));
  }

  private void traits(TestCluster cluster, String traits) throws Exception {
    var file =
        Files.writeString(
            folder.resolve("alice.yaml"),
            """
            kind: user
            version: v2
            metadata: {name: alice}
            spec:
              roles: [access, aws-dynamodb-access]
              traits: {%s}
            """
                .formatted(traits));
    cluster.tctl("create", "-f", file.toString()).orFail();
  }
}
