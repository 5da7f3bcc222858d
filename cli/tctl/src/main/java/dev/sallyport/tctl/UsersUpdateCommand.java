package dev.sallyport.tctl;

import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.control.WriteMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl users update alice --set-roles a,b`: replaces whole lists, each of them or none.
@Command(name = "update", description = "Replaces a user's roles or traits.")
final class UsersUpdateCommand implements Callable<Integer> {
  private final Tool tool;
  private Optional<TraitOptions> traits = Optional.empty();

  @Parameters(paramLabel = "NAME")
  String name = "";

  @Option(names = "--set-roles", split = ",")
  @Nullable List<String> roles;

  @Option(names = "--confirm", description = "also so that no administrator is left")
  boolean confirm;

  private UsersUpdateCommand(Tool tool) {
    this.tool = tool;
  }

  static CommandLine of(Tool tool) {
    var command = new UsersUpdateCommand(tool);
    var line = new CommandLine(command);
    command.traits = Optional.of(TraitOptions.addTo(line.getCommandSpec(), "--set-"));
    return line;
  }

  @Override
  public Integer call() {
    // `--set-roles ""` empties a list.
    List<String> newRoles =
        roles == null ? null : roles.stream().filter(role -> !role.isEmpty()).toList();
    Map<String, List<String>> newTraits = traits.map(TraitOptions::named).orElse(Map.of());
    if (newRoles == null && newTraits.isEmpty()) {
      throw new CommandFailed("Nothing to update. Please provide at least one --set flag.");
    }
    var request =
        new UpdateUserRequest(
            Optional.ofNullable(newRoles),
            newTraits.isEmpty() ? Optional.empty() : Optional.of(newTraits));
    tool.withApi(api -> api.updateUser(name, request, new WriteMode(false, confirm, false)));
    tool.out().println("User " + name + " has been updated:");
    if (newRoles != null) {
      tool.out().println("\tNew roles: " + String.join(",", newRoles));
    }
    newTraits.forEach((trait, values) ->
        tool.out()
            .println(
                "\tNew %s: %s".formatted(TraitOptions.shown(trait), String.join(",", values))));
    return 0;
  }
}
