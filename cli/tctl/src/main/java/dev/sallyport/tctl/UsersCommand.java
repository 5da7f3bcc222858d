package dev.sallyport.tctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `tctl users`: the accounts of people and programs.
@Command(name = "users", description = "Adds, lists, changes and removes users.")
final class UsersCommand {
  private UsersCommand() {}

  static CommandLine of(Tool tool) {
    return new CommandLine(new UsersCommand())
        .addSubcommand("add", UsersAddCommand.of(tool))
        .addSubcommand(new UsersListCommand(tool))
        .addSubcommand("update", UsersUpdateCommand.of(tool))
        .addSubcommand(new UsersRemoveCommand(tool))
        .addSubcommand(new UsersResetCommand(tool));
  }
}
