package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.resources.ResourceReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Texts that scripts match, letter by letter; where more is said here, they stand first.
final class TctlMessagesTest {
  private static final String ROLE =
      "kind: role\nversion: v7\nmetadata: {name: dev}\nspec: {allow: {db_users: [a]}}\n";
  private static final String USER =
      "kind: user\nversion: v2\nmetadata: {name: alice}\nspec: {roles: [dev]}\n";
  private static final String TOKEN =
      "kind: token\nversion: v2\nmetadata: {name: taken}\nspec: {roles: [Db]}\n";

  private final FakeAdminApi cluster = new FakeAdminApi();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int tctl(String input, String... arguments) {
    var invocation =
        new Invocation(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true),
            new PrintStream(err, true),
            Map.of("EDITOR", "true"),
            Path.of("never"),
            () -> FakeAdminApi.NOW);
    return new Tctl(options -> cluster).run(arguments, invocation);
  }

  private void thereAre(String... documents) {
    for (var document : documents) {
      cluster.put(ResourceReader.read(document, "there").getFirst());
    }
  }

  private static String input(String name) {
    return switch (name) {
      case "role" -> ROLE;
      case "user" -> USER;
      case "lock" -> "kind: lock\nversion: v2\nmetadata: {name: l1}\nspec: {target: {user: a}}\n";
      case "db" ->
          "kind: db\nversion: v3\nmetadata: {name: d1}\nspec: {protocol: dynamodb, aws: {region:"
              + " us-east-1, account_id: '123456789012'}}\n";
      case "cap" ->
          "kind: cluster_auth_preference\nversion: v2\nmetadata: {name:"
              + " cluster-auth-preference}\nspec: {}\n";
      case "node" -> "kind: node\nversion: v2\nmetadata: {name: n}\nspec: {}\n";
      default -> "";
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "create|role|role \"dev\" has been created",
        "create|user|user \"alice\" has been created",
        "create|lock|lock \"l1\" has been created",
        "create|db|database \"d1\" has been created",
        "create|cap|cluster auth preference has been created",
        "lock --user=alice|none|Created a lock with name \"",
        "users ls|none|No users found",
        "tokens ls|none|No active tokens found.",
        "auth rotate --manual --type=host --phase=init|none|Updated rotation phase to \"init\". To"
            + " check status use 'tctl status'"
      })
  void whatWasDoneIsSaid(String command, String input, String said) {
    assertThat(tctl(input(input), command.split(" ")))
        .as(err.toString(StandardCharsets.UTF_8))
        .isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith(said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "create -f|role|role \"dev\" has been updated",
        "create -f|user|user \"alice\" has been updated",
        "rm role/dev|none|role \"dev\" has been deleted",
        "del user/alice|none|user \"alice\" has been deleted",
        "edit role/dev|none|edit canceled, no changes made",
        "users rm alice|none|User \"alice\" has been deleted",
        "users update alice --set-roles=dev|none|User alice has been updated:",
        "users reset alice|none|User \"alice\" has been reset. Share this URL with the user to"
            + " complete password reset, link is valid for 8h:",
        "tokens rm taken|none|Token taken has been deleted"
      })
  void whatWasDoneToWhatIsThereIsSaid(String command, String input, String said) {
    thereAre(ROLE, USER, TOKEN);
    assertThat(tctl(input(input), command.split(" ")))
        .as(err.toString(StandardCharsets.UTF_8))
        .isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith(said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "create|none|no resources found, empty input?",
        "create|role|role \"dev\" already exists",
        "get role/none|none|role none is not found",
        "rm role/none|none|role none is not found",
        "get roles,users --format=json|none|mixed resource types only support YAML formatting",
        "users rm bob|none|user bob is not found",
        "users update alice|none|Nothing to update. Please provide at least one --set flag.",
        "users update alice --set-db-roles=*|none|database role can't be a wildcard",
        "tokens rm|none|Need an argument: token",
        "lock|none|at least one target must be specified",
        "get roles --format=xml|none|unsupported format \"xml\""
      })
  void whatIsWrongIsSaid(String command, String input, String said) {
    thereAre(ROLE, USER, TOKEN);
    assertThat(tctl(input(input), command.split(" "))).isOne();
    assertThat(lastError()).startsWith("ERROR: " + said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = "node|creating resources of type \"node\" is not supported")
  void aKindThatNobodyKnowsIsToldWithItsPlace(String input, String said) {
    assertThat(tctl(input(input), "create")).isOne();
    assertThat(lastError()).endsWith("kind: " + said + "\n\n");
  }

  private String lastError() {
    var text = err.toString(StandardCharsets.UTF_8);
    return text.substring(text.indexOf("ERROR: "));
  }
}
