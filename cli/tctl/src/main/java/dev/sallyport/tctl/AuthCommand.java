package dev.sallyport.tctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `tctl auth`: what the certificate authorities do on an administrator's word.
@Command(
    name = "auth",
    description = "Signs certificates, shows those of the authorities, and changes their keys.")
final class AuthCommand {
  private AuthCommand() {}

  static CommandLine of(Tool tool) {
    return new CommandLine(new AuthCommand())
        .addSubcommand(new AuthSignCommand(tool))
        .addSubcommand(new AuthExportCommand(tool))
        .addSubcommand(new AuthRotateCommand(tool));
  }
}
