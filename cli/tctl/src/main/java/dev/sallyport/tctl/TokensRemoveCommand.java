package dev.sallyport.tctl;

import dev.sallyport.control.WriteMode;
import dev.sallyport.model.Kind;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tctl tokens rm TOKEN`.
@Command(name = "rm", aliases = "del", description = "Removes a join token.")
final class TokensRemoveCommand implements Callable<Integer> {
  private final Tool tool;

  @Parameters(arity = "0..1", paramLabel = "TOKEN")
  @Nullable String token;

  TokensRemoveCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    String name = token;
    if (name == null || name.isEmpty()) {
      throw new CommandFailed("Need an argument: token");
    }
    tool.withApi(api -> {
      api.delete(Kind.TOKEN, name, WriteMode.PLAIN);
      return 0;
    });
    tool.out().println("Token " + name + " has been deleted");
    return 0;
  }
}
