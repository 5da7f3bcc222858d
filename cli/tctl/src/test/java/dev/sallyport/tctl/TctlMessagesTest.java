package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.resources.ResourceReader;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Texts that scripts match, letter by letter; where more is said here, they stand first.
final class TctlMessagesTest extends TctlRig {
  private static final String ROLE =
      "kind: role\nversion: v7\nmetadata: {name: dev}\nspec: {allow: {db_users: [a]}}\n";
  private static final String USER =
      "kind: user\nversion: v2\nmetadata: {name: alice}\nspec: {roles: [dev]}\n";
  private static final String TOKEN =
      "kind: token\nversion: v2\nmetadata: {name: taken}\nspec: {roles: [Db]}\n";

  TctlMessagesTest() {
    environment.put("EDITOR", "true");
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

  /// What a command says that does its work.
  private String done(String command, String input) {
    assertThat(tctlReading(input(input), command.split(" "))).as(err()).isZero();
    return out();
  }

  /// What a command says that fails.
  private String failed(String command, String input) {
    assertThat(tctlReading(input(input), command.split(" "))).isOne();
    return err().substring(err().indexOf("ERROR: "));
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
        "users add bob --roles=dev --ttl=90m|none|User \"bob\" has been created but requires a"
            + " password. Share this URL with the user to complete user setup, link is valid for"
            + " 1h30m:",
        "auth rotate --manual --type=host --phase=init|none|Updated rotation phase to \"init\". To"
            + " check status use 'tctl status'"
      })
  void whatWasDoneIsSaid(String command, String input, String said) {
    assertThat(done(command, input)).startsWith(said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "create -f|role|role \"dev\" has been updated",
        "create -f|user|user \"alice\" has been updated",
        "update role/dev --set-labels=a=b|none|role \"dev\" has been updated",
        "rm role/dev|none|role \"dev\" has been deleted",
        "del user/alice|none|user \"alice\" has been deleted",
        "edit role/dev|none|edit canceled, no changes made",
        "users rm alice|none|User \"alice\" has been deleted",
        "users del alice|none|User \"alice\" has been deleted",
        "users update alice --set-roles=dev|none|User alice has been updated:",
        "users reset alice|none|User \"alice\" has been reset. Share this URL with the user to"
            + " complete password reset, link is valid for 8h:",
        "tokens rm taken|none|Token taken has been deleted",
        "tokens del taken|none|Token taken has been deleted"
      })
  void whatWasDoneToWhatIsThereIsSaid(String command, String input, String said) {
    thereAre(ROLE, USER, TOKEN);
    assertThat(done(command, input)).startsWith(said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "create|none|no resources found, empty input?",
        "create|role|role \"dev\" already exists, use -f or --force to overwrite",
        "create|user|user \"alice\" already exists, use -f or --force to overwrite",
        "get role/none|none|role none is not found",
        "get user/bob|none|user \"bob\" not found",
        "edit role/none|none|role none is not found",
        "rm role/none|none|role none is not found",
        "get roles,users --format=json|none|mixed resource types only support YAML formatting",
        "get roles,users --format=text|none|mixed resource types only support YAML formatting",
        "users add alice --roles=dev|none|user \"alice\" already exists",
        "users rm bob|none|user \"bob\" not found",
        "users update alice|none|Nothing to update. Please provide at least one --set flag.",
        "users update alice --set-db-roles=*|none|database role can't be a wildcard",
        "tokens rm|none|Need an argument: token",
        "tokens add --type=db --value=taken|none|failed to create token (\"*****\" already exists),"
            + " please use another name",
        "tokens add --type=database|none|invalid role: \"database\"",
        "lock|none|at least one target must be specified",
        "get roles --format=xml|none|unsupported format \"xml\""
      })
  void whatIsWrongIsSaid(String command, String input, String said) {
    thereAre(ROLE, USER, TOKEN);
    assertThat(failed(command, input)).startsWith("ERROR: " + said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = "node|creating resources of type \"node\" is not supported")
  void aKindThatNobodyKnowsIsToldWithItsPlace(String input, String said) {
    assertThat(failed("create", input)).endsWith("kind: " + said + "\n\n");
  }

  /// Which editor counts: each of these fails, and says so with its status.
  @ParameterizedTest
  @CsvSource({
    "TELEPORT_EDITOR VISUAL EDITOR, 1",
    "VISUAL EDITOR TELEPORT_EDITOR, 1",
    "VISUAL EDITOR, 2",
    "EDITOR, 3"
  })
  void editorsAreLookedForInTheirOrder(String variables, int status) {
    thereAre(ROLE);
    environment.clear();
    var order = List.of("TELEPORT_EDITOR", "VISUAL", "EDITOR");
    for (var variable : variables.split(" ")) {
      environment.put(variable, "sh -c exit${IFS}" + (order.indexOf(variable) + 1));
    }
    assertThat(failed("edit role/dev", "none"))
        .isEqualTo(
            "ERROR: skipping resource update, editor did not complete successfully: exit status "
                + status
                + "\n\n");
  }
}
