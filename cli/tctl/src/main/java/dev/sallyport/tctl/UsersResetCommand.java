package dev.sallyport.tctl;

import dev.sallyport.control.InviteCreated;
import dev.sallyport.control.ResetUserRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl users reset alice`: the old password stops working, a link sets a new one.
@Command(
    name = "reset",
    description = "Ends a user's password and prints the link to set a new one.")
final class UsersResetCommand implements Callable<Integer> {
  private static final Duration RESET_TTL = Duration.ofHours(8);

  private final Tool tool;

  @Parameters(paramLabel = "NAME")
  String name = "";

  @Option(names = "--ttl", description = "how long the link works (default: 8h, at most 24h)")
  @Nullable String ttl;

  UsersResetCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    Duration life = TtlOption.parse(ttl).orElse(RESET_TTL);
    InviteCreated link =
        tool.withApi(api -> api.resetUser(name, new ResetUserRequest(Optional.of(life))));
    UserLink.print(
        tool.out(),
        "User \"%s\" has been reset. Share this URL with the user to complete password reset, link is valid for %s:"
            .formatted(name, TtlOption.brief(life)),
        link);
    return 0;
  }
}
