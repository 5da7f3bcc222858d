package dev.sallyport.tctl;

import dev.sallyport.model.ProductVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `tctl version`.
@Command(name = "version", description = "Prints the version of this tool.")
final class VersionCommand implements Callable<Integer> {
  private final Tool tool;

  VersionCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    tool.out().println(ProductVersion.line(Runtime.version().toString()));
    return 0;
  }
}
