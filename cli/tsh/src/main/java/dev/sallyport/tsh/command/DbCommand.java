package dev.sallyport.tsh.command;

import picocli.CommandLine.Command;

/// Groups the commands about databases.
@Command(
    name = "db",
    description = "List, choose and use databases.",
    synopsisSubcommandLabel = "COMMAND")
public final class DbCommand {}
