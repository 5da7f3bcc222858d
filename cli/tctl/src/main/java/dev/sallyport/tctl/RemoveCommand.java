package dev.sallyport.tctl;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tctl rm role/old`.
@Command(name = "rm", aliases = "del", description = "Deletes a resource, such as role/old.")
final class RemoveCommand implements Callable<Integer> {
  private final Tool tool;

  @Parameters(paramLabel = "KIND/NAME")
  String reference = "";

  RemoveCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    ResourceReference target = ResourceReference.parse(reference);
    String name = target.requireName();
    tool.withApi(api -> {
      api.delete(target.kind(), name);
      return 0;
    });
    tool.out().println(Described.of(target.kind(), name) + " has been deleted");
    return 0;
  }
}
