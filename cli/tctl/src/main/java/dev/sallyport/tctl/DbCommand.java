package dev.sallyport.tctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `tctl db`: databases as agents announce them.
@Command(name = "db", description = "Lists databases and the agents that serve them.")
final class DbCommand {
  private DbCommand() {}

  static CommandLine of(Tool tool) {
    return new CommandLine(new DbCommand()).addSubcommand(new DbListCommand(tool));
  }
}
