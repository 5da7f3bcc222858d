package dev.sallyport.tsh.command;

import picocli.CommandLine.Command;

/// `tsh mfa`: what stands under it does something.
@Command(
    name = "mfa",
    description = "See and change your second factors.",
    synopsisSubcommandLabel = "COMMAND")
public final class MfaCommand {}
