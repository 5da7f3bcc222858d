package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Document;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.running.ClientEnvironment;
import dev.sallyport.tsh.running.Shell;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tsh db env`: the variables with which AWS clients find a tunnel in the background.
@Command(name = "env", description = "Print variables for a tunnel in the background.")
public final class DbEnvCommand implements Runnable {
  private final Tsh tsh;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "text|json|yaml|bash|fish|powershell",
      description = "For which shell; text is bash's.")
  private String format = "text";

  @Parameters(arity = "0..1", paramLabel = "DATABASE", description = "Name of the database.")
  private @Nullable String database;

  /// A part of tsh.
  public DbEnvCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var tunnel = BackgroundTunnels.find(tsh).to(Optional.ofNullable(database));
    var environment = ClientEnvironment.of(tunnel, tsh.console().env());
    var text =
        switch (format.toLowerCase(Locale.ROOT)) {
          case "json" -> Document.json(environment.set());
          case "yaml" -> Document.yaml(environment.set());
          case "text" -> Shell.BASH.text(environment);
          default ->
              Shell.named(format)
                  .orElseThrow(() -> new CommandFailure("unsupported format \"" + format + "\""))
                  .text(environment);
        };
    tsh.console().out().print(text);
  }
}
