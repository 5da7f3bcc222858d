package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Kind;
import dev.sallyport.model.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TctlTest extends TctlRig {
  private static final String ROLE =
      """
      kind: role
      version: v7
      metadata:
        name: aws-dynamodb-access
      spec:
        allow:
          db_labels:
            '*': '*'
          db_users:
          - 'ExampleTeleportDynamoDBRole'
      """;

  @Test
  void statusPrintsNameVersionAndEveryPin() {
    assertThat(tctl("status")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            Cluster  example.com
            Version  1.0.0
            CA pin   sha256:ab
            CA pin   sha256:cd
            """);
    assertThat(cluster.closed).isEqualTo(1);
  }

  @Test
  void statusAsJsonHasTheClusterObject() {
    assertThat(tctl("status", "--format=json")).isZero();
    assertThat(out()).contains("\"cluster\"").contains("\"ca_pins\"").contains("sha256:ab");
  }

  @Test
  void theGuidesRoleIsCreatedThenUpdatedFromAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("role.yaml"), ROLE);
    assertThat(tctl("create", "-f", file.toString())).isZero();
    assertThat(out()).isEqualTo("role \"aws-dynamodb-access\" has been created\n");
    assertThat(tctl("create", "-f", file.toString())).isZero();
    assertThat(out()).isEqualTo("role \"aws-dynamodb-access\" has been updated\n");
    assertThat(tctl("create", file.toString())).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "ERROR: role \"aws-dynamodb-access\" already exists, use -f or --force to"
                + " overwrite\n\n");
  }

  @Test
  void aFaultInAFileNamesLineAndFieldAndNothingIsCreated() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("role.yaml"), ROLE + "---\n" + ROLE.replace("db_users", "db_user"));
    assertThat(tctl("create", "-f", file.toString())).isEqualTo(1);
    assertThat(err()).contains("role.yaml").contains("db_user").containsPattern("line \\d+|:\\d+");
    assertThat(cluster.resources).isEmpty();
  }

  @Test
  void standardInputIsReadWhenNoFileIsNamedAndEmptyInputIsAnError() {
    assertThat(tctlReading(ROLE, "create", "-f")).isZero();
    assertThat(tctl("create", "-f")).isEqualTo(1);
    assertThat(err()).startsWith("ERROR: no resources found, empty input?");
    assertThat(tctl("create", "-f", "missing.yaml")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: missing.yaml does not exist\n\n");
  }

  @Test
  void getPrintsWhatCreateTakes() {
    tctlReading(ROLE, "create");
    assertThat(tctl("get", "role/aws-dynamodb-access")).isZero();
    String printed = out();
    assertThat(tctlReading(printed, "create", "-f")).isZero();
    assertThat(tctl("get", "roles", "--format=json")).isZero();
    assertThat(out()).startsWith("[");
    assertThat(tctl("get", "role/other")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: role other is not found\n\n");
    assertThat(tctl("get", "rule/other")).isEqualTo(1);
    assertThat(err()).contains("unknown resource kind \"rule\"");
  }

  @Test
  void aNewUserGetsALinkAndAnExistingOneAHint() {
    assertThat(tctl("users", "add", "alice", "--roles=access,editor")).isZero();
    assertThat(out())
        .startsWith(
            "User \"alice\" has been created but requires a password. Share this URL with the user"
                + " to complete user setup, link is valid for 1h:\n"
                + "https://proxy.example.com:443/web/invite/0123\n");
    assertThat(tctl("users", "add", "alice", "--roles", "access")).isEqualTo(1);
    assertThat(out()).contains("tctl users update alice --set-roles access");
    assertThat(err()).contains("already exists");
    assertThat(tctl("users", "ls")).isZero();
    assertThat(out()).isEqualTo("User  Roles\n----- -------------\nalice access,editor\n");
  }

  @Test
  void updatingAUserReplacesTheListsThatAreNamed() {
    tctl("users", "add", "alice", "--roles=access");
    assertThat(tctl("users", "update", "alice", "--set-roles", "access,aws-dynamodb-access"))
        .isZero();
    assertThat(out())
        .isEqualTo("User alice has been updated:\n\tNew roles: access,aws-dynamodb-access\n");
    assertThat(((User) cluster.get(Kind.USER, "alice", false)).roles())
        .isEqualTo(List.of("access", "aws-dynamodb-access"));
    assertThat(tctl("users", "update", "alice")).isEqualTo(1);
    assertThat(err()).contains("Nothing to update. Please provide at least one --set flag.");
  }

  @Test
  void removingUsersStopsAtTheFirstThatIsMissing() {
    tctl("users", "add", "alice", "--roles=access");
    assertThat(tctl("users", "rm", "alice,bob")).isEqualTo(1);
    assertThat(out()).isEqualTo("User \"alice\" has been deleted\n");
    assertThat(err()).contains("user \"bob\" not found");
  }

  @Test
  void aTokenAsTextIsTheTokenAndNothingElse() {
    assertThat(tctl("tokens", "add", "--type=db", "--format=text")).isZero();
    assertThat(out()).isEqualTo("00112233\n");
    assertThat(tctl("tokens", "add", "--type=db", "--value=abc", "--ttl=1h", "--format=json"))
        .isZero();
    assertThat(out()).contains("\"token\": \"abc\"").contains("2030-01-01T13:00:00Z");
    assertThat(tctl("tokens", "ls")).isZero();
    assertThat(out()).contains("00112233 Db").contains("01 Jan 30 12:30 UTC (30m)");
  }

  @Test
  void wrongTokenTypesAndTimesAreToldBeforeAnythingIsAsked() {
    assertThat(tctl("tokens", "add", "--type=database", "--format=text")).isEqualTo(1);
    assertThat(err()).contains("invalid role: \"database\"");
    assertThat(tctl("tokens", "add", "--type=db", "--ttl=soon")).isEqualTo(1);
    assertThat(err()).contains("--ttl: \"soon\" (expected: a time such as 30m or 1h30m)");
    assertThat(tctl("tokens", "rm")).isEqualTo(1);
    assertThat(err()).contains("Need an argument: token");
    assertThat(cluster.resources).isEmpty();
  }

  @Test
  void anUnknownCommandOrFlagShowsTheUsageAndFails() {
    assertThat(tctl("stauts")).isEqualTo(1);
    assertThat(err()).contains("ERROR: Unmatched argument").contains("Usage: tctl");
    assertThat(tctl("status", "--fromat=json")).isEqualTo(1);
    assertThat(err()).contains("Unknown option: '--fromat=json'");
  }

  @Test
  void anIdentityFileIsNotOverwrittenUnasked() throws IOException {
    Path file = Files.writeString(folder.resolve("a.pem"), "precious");
    assertThat(tctl("auth", "sign", "--user=alice", "--out=" + file)).isEqualTo(1);
    assertThat(err()).contains("will not overwrite existing file");
    assertThat(Files.readString(file)).isEqualTo("precious");
    assertThat(tctl("auth", "sign", "--user=alice", "--format=openssh", "--out=" + file + "2"))
        .isEqualTo(1);
    assertThat(err()).contains("invalid identity format: openssh");
  }

  @Test
  void accessIsExplainedRoleByRole() {
    String[] asked = {"access", "explain", "--user=alice", "--db=orders", "--db-user=Reader"};
    assertThat(tctl(asked)).isZero();
    assertThat(out())
        .contains("Database user: Reader (arn:aws:iam::123456789012:role/Reader)")
        .contains("Access:        denied")
        .contains("The user sees: access to db denied.")
        .contains("Reason:        role \"near\" lacks it")
        .contains("near yes    no            nothing required its db_users are [\"Writer\"]")
        .contains("To allow it:\n- add it");
    assertThat(
            tctl(
                "access",
                "explain",
                "--user=alice",
                "--db=orders",
                "--db-user=Reader",
                "--mfa",
                "--format=json"))
        .isZero();
    assertThat(out()).contains("\"allowed\": true").contains("\"role\": \"near\"");
    assertThat(tctl("access", "explain", "--user=alice", "--db=orders")).isEqualTo(1);
    assertThat(err()).contains("--db-user");
  }

  @Test
  void whatHasNoEffectIsToldWhenItIsCreated() {
    String role =
        """
        kind: role
        version: v7
        metadata: {name: r}
        spec:
          allow:
            logins: [root]
            db_users: [Reader]
        """;
    assertThat(tctlReading(role, "create")).isZero();
    assertThat(err())
        .contains("WARNING: standard input: line 6")
        .contains("spec.allow: logins: kept, and without effect here");
  }
}
