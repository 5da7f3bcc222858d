package dev.sallyport.tctl;

import dev.sallyport.control.UpdateUserRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl users update alice --set-roles a,b`: replaces whole lists.
@Command(name = "update", description = "Replaces a user's roles or traits.")
final class UsersUpdateCommand implements Callable<Integer> {
  private final Tool tool;

  @Parameters(paramLabel = "NAME")
  String name = "";

  @Option(names = "--set-roles", split = ",")
  @Nullable List<String> roles;

  @Option(names = "--set-logins", split = ",")
  @Nullable List<String> logins;

  @Option(names = "--set-db-users", split = ",")
  @Nullable List<String> dbUsers;

  @Option(names = "--set-db-names", split = ",")
  @Nullable List<String> dbNames;

  @Option(names = "--set-db-roles", split = ",")
  @Nullable List<String> dbRoles;

  UsersUpdateCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    Map<String, List<String>> traits = new LinkedHashMap<>();
    put(traits, "logins", logins);
    put(traits, "db_users", dbUsers);
    put(traits, "db_names", dbNames);
    put(traits, "db_roles", dbRoles);
    List<String> newRoles = roles == null ? null : filled(roles);
    if (newRoles == null && traits.isEmpty()) {
      throw new CommandFailed("Nothing to update. Please provide at least one --set flag.");
    }
    if (traits.getOrDefault("db_roles", List.of()).contains("*")) {
      throw new CommandFailed("database role can't be a wildcard");
    }
    var request =
        new UpdateUserRequest(
            Optional.ofNullable(newRoles),
            traits.isEmpty() ? Optional.empty() : Optional.of(traits));
    tool.withApi(api -> api.updateUser(name, request));
    tool.out().println("User " + name + " has been updated:");
    if (newRoles != null) {
      tool.out().println("\tNew roles: " + String.join(",", newRoles));
    }
    traits.forEach((trait, values) ->
        tool.out().println("\tNew " + trait.replace('_', ' ') + ": " + String.join(",", values)));
    return 0;
  }

  private static void put(
      Map<String, List<String>> traits, String trait, @Nullable List<String> values) {
    if (values != null) {
      traits.put(trait, filled(values));
    }
  }

  /// `--set-logins ""` empties a list.
  private static List<String> filled(List<String> values) {
    return values.stream().filter(value -> !value.isEmpty()).toList();
  }
}
