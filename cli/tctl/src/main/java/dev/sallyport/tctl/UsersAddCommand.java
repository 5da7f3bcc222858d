package dev.sallyport.tctl;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.InviteCreated;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl users add alice --roles=access`: an account without a password, and the link to set one.
@Command(name = "add", description = "Creates a user and prints the link to set a password.")
final class UsersAddCommand implements Callable<Integer> {
  /// How long the link works unless `--ttl` says otherwise.
  static final Duration INVITE_TTL = Duration.ofHours(1);

  private final Tool tool;

  @Parameters(paramLabel = "NAME")
  String name = "";

  @Option(names = "--roles", split = ",", required = true, description = "roles of the user")
  List<String> roles = List.of();

  @Option(names = "--logins", split = ",")
  List<String> logins = List.of();

  @Option(names = "--db-users", split = ",", description = "the trait db_users")
  List<String> dbUsers = List.of();

  @Option(names = "--db-names", split = ",")
  List<String> dbNames = List.of();

  @Option(names = "--db-roles", split = ",")
  List<String> dbRoles = List.of();

  @Option(names = "--ttl", description = "how long the link works (default: 1h, at most 48h)")
  @Nullable String ttl;

  UsersAddCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    Duration life = TtlOption.parse(ttl).orElse(INVITE_TTL);
    var request = new CreateUserRequest(name, roles, traits(), Optional.of(life));
    try {
      InviteCreated invite = tool.withApi(api -> api.addUser(request));
      UserLink.print(
          tool.out(),
          "User \"%s\" has been created but requires a password. Share this URL with the user to complete user setup, link is valid for %s:"
              .formatted(name, TtlOption.brief(life)),
          invite);
      return 0;
    } catch (ControlException e) {
      if (e.kind() == ErrorKind.ALREADY_EXISTS) {
        tool.out()
            .printf(
                "NOTE: to change an existing user's roles, use: tctl users update %s --set-roles"
                    + " %s%n",
                name, String.join(",", roles));
      }
      throw e;
    }
  }

  private Map<String, List<String>> traits() {
    Map<String, List<String>> traits = new LinkedHashMap<>();
    traits.put("logins", logins);
    traits.put("db_users", dbUsers);
    traits.put("db_names", dbNames);
    traits.put("db_roles", dbRoles);
    traits.values().removeIf(List::isEmpty);
    return traits;
  }
}
