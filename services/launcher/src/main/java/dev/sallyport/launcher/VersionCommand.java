package dev.sallyport.launcher;

import dev.sallyport.model.ProductVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `teleport version`.
@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
  private final Surroundings around;

  @Option(names = "--raw", description = "The bare number.")
  private boolean raw;

  VersionCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    around
        .out()
        .println(raw ? ProductVersion.NUMBER : ProductVersion.line(Runtime.version().toString()));
    return 0;
  }
}
