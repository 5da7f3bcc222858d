package dev.sallyport.launcher;

import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.config.TeleportFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `teleport configure --test FILE`: says whether a file can be used, and everything that is wrong
/// with it.
@Command(name = "configure", description = "Checks a configuration file.")
final class ConfigureCommand implements Callable<Integer> {
  private final Surroundings around;

  @Option(
      names = "--test",
      required = true,
      paramLabel = "FILE",
      description = "The file to check; nothing is started.")
  private Path file;

  ConfigureCommand(Surroundings around) {
    this.around = around;
    this.file = TeleportFile.USUAL_PATH;
  }

  @Override
  public Integer call() {
    try {
      var read = TeleportFile.read(file);
      ServiceSet.of(read);
      read.warnings().forEach(warning -> around.err().println("WARNING: " + warning));
      around.err().println("OK " + file);
      return 0;
    } catch (InvalidDocument e) {
      return fail(String.valueOf(e.getMessage()));
    } catch (StartFailure e) {
      return fail(e.text());
    }
  }

  private int fail(String why) {
    why.lines().forEach(line -> around.err().println("ERROR: " + line));
    around.err().println("FAIL " + file);
    return 1;
  }
}
