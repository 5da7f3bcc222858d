package dev.sallyport.tctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `tctl audit`: what happened, and whether the record of it is whole.
@Command(name = "audit", description = "Searches, checks and exports the audit log.")
final class AuditCommand {
  private AuditCommand() {}

  static CommandLine of(Tool tool) {
    return new CommandLine(new AuditCommand())
        .addSubcommand(new AuditSearchCommand(tool))
        .addSubcommand(new AuditSessionsCommand(tool))
        .addSubcommand(new AuditSessionCommand(tool))
        .addSubcommand(new AuditTopCommand(tool))
        .addSubcommand(new AuditVerifyCommand(tool))
        .addSubcommand(new AuditExportCommand(tool))
        .addSubcommand(new AuditStatusCommand(tool));
  }
}
