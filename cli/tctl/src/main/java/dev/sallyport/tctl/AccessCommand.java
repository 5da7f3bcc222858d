package dev.sallyport.tctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `tctl access`: who gets in where.
@Command(name = "access", description = "Answers who gets in where, and why.")
final class AccessCommand {
  private AccessCommand() {}

  static CommandLine of(Tool tool) {
    return new CommandLine(new AccessCommand()).addSubcommand(new AccessExplainCommand(tool));
  }
}
