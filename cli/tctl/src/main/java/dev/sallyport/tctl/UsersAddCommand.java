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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl users add alice --roles=access`: an account without a password, and the link to set one.
@Command(name = "add", description = "Creates a user and prints the link to set a password.")
final class UsersAddCommand implements Callable<Integer> {
  /// How long the link works unless `--ttl` says otherwise.
  static final Duration INVITE_TTL = Duration.ofHours(1);

  private final Tool tool;
  private Optional<TraitOptions> traits = Optional.empty();

  @Parameters(paramLabel = "NAME")
  String name = "";

  @Option(names = "--roles", split = ",", required = true, description = "roles of the user")
  List<String> roles = List.of();

  @Option(names = "--ttl", description = "how long the link works (default: 1h, at most 48h)")
  @Nullable String ttl;

  @Option(names = "--format", defaultValue = "text", hidden = true)
  String format = "text";

  private UsersAddCommand(Tool tool) {
    this.tool = tool;
  }

  static CommandLine of(Tool tool) {
    var command = new UsersAddCommand(tool);
    var line = new CommandLine(command);
    command.traits = Optional.of(TraitOptions.addTo(line.getCommandSpec(), "--"));
    return line;
  }

  @Override
  public Integer call() {
    OutputFormat chosen = OutputFormat.parse(format);
    Duration life = TtlOption.parse(ttl).orElse(INVITE_TTL);
    Map<String, List<String>> given =
        new LinkedHashMap<>(traits.map(TraitOptions::named).orElse(Map.of()));
    given.values().removeIf(List::isEmpty);
    var request = new CreateUserRequest(name, roles, given, Optional.of(life));
    try {
      InviteCreated invite = tool.withApi(api -> api.addUser(request));
      if (chosen == OutputFormat.TEXT) {
        UserLink.print(
            tool.out(),
            "User \"%s\" has been created but requires a password. Share this URL with the user to complete user setup, link is valid for %s:"
                .formatted(name, TtlOption.brief(life)),
            invite);
      } else {
        tool.out().println(OutputFormat.json(fields(invite)));
      }
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

  private Map<String, Object> fields(InviteCreated invite) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("user", name);
    fields.put("url", invite.url());
    fields.put("expires", invite.expires());
    return fields;
  }
}
