package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Document;
import dev.sallyport.tsh.Tsh;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tsh db config`: what to enter into a client for a tunnel in the background.
@Command(name = "config", description = "Print how to connect to a tunnel in the background.")
public final class DbConfigCommand implements Runnable {
  private final Tsh tsh;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "text|cmd|json|yaml",
      description = "How to print it.")
  private String format = "text";

  @Parameters(arity = "0..1", paramLabel = "DATABASE", description = "Name of the database.")
  private @Nullable String database;

  /// A part of tsh.
  public DbConfigCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var tunnel = BackgroundTunnels.find(tsh).to(Optional.ofNullable(database));
    var text =
        switch (format.toLowerCase(Locale.ROOT)) {
          case "text" ->
              """
              Name:       %s
              Host:       %s
              Port:       %d
              User:       %s
              Region:     %s
              Endpoint:   %s
              Access key: %s
              Secret key: %s
              """
                  .formatted(
                      tunnel.database(),
                      tunnel.hostName(),
                      tunnel.address().getPort(),
                      tunnel.dbUser(),
                      tunnel.region(),
                      tunnel.endpoint(),
                      tunnel.accessKeyId(),
                      tunnel.secretAccessKey());
          case "cmd" ->
              "aws --endpoint "
                  + tunnel.endpoint()
                  + "/ [dynamodb|dynamodbstreams|dax] <command>\n";
          case "json" -> Document.json(tunnel.tree(true));
          case "yaml" -> Document.yaml(tunnel.tree(true));
          default -> throw new CommandFailure("unsupported format \"" + format + "\"");
        };
    tsh.console().out().print(text);
  }
}
