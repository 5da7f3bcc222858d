package dev.sallyport.tctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `tctl tokens`: the secrets with which hosts join.
@Command(name = "tokens", description = "Adds, lists and removes join tokens.")
final class TokensCommand {
  private TokensCommand() {}

  static CommandLine of(Tool tool) {
    return new CommandLine(new TokensCommand())
        .addSubcommand(new TokensAddCommand(tool))
        .addSubcommand(new TokensListCommand(tool))
        .addSubcommand(new TokensRemoveCommand(tool));
  }
}
