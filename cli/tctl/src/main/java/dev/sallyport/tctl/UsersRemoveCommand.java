package dev.sallyport.tctl;

import dev.sallyport.control.WriteMode;
import dev.sallyport.model.Kind;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl users rm alice,bob`.
@Command(name = "rm", aliases = "del", description = "Removes users.")
final class UsersRemoveCommand implements Callable<Integer> {
  private final Tool tool;

  @Parameters(paramLabel = "NAMES", split = ",", arity = "1..*")
  List<String> names = List.of();

  @Option(names = "--confirm", description = "also so that no administrator is left")
  boolean confirm;

  UsersRemoveCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    return tool.withApi(api -> {
      for (String name : names) {
        api.delete(Kind.USER, name, new WriteMode(false, confirm, false));
        tool.out().println("User \"" + name + "\" has been deleted");
      }
      return 0;
    });
  }
}
