package dev.sallyport.tctl;

import dev.sallyport.control.WriteMode;
import dev.sallyport.model.Kind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl rm role/old`.
@Command(name = "rm", aliases = "del", description = "Deletes a resource, such as role/old.")
final class RemoveCommand implements Callable<Integer> {
  private final Tool tool;

  @Parameters(paramLabel = "KIND/NAME")
  String reference = "";

  @Option(
      names = "--confirm",
      description = "also what the config file sets, or so that no administrator is left")
  boolean confirm;

  RemoveCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    ResourceReference.One target = ResourceReference.parse(reference).requireOne();
    tool.withApi(api -> {
      api.delete(target.kind(), target.name(), new WriteMode(false, confirm, false));
      return 0;
    });
    boolean isReset = target.kind() == Kind.CLUSTER_AUTH_PREFERENCE;
    tool.out()
        .println(
            Described.of(target.kind(), target.name())
                + (isReset ? " has been reset to defaults" : " has been deleted"));
    return 0;
  }
}
