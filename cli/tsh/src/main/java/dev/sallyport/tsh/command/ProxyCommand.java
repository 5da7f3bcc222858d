package dev.sallyport.tsh.command;

import picocli.CommandLine.Command;

/// Groups the commands that open local proxies.
@Command(
    name = "proxy",
    description = "Open local proxies for other clients.",
    synopsisSubcommandLabel = "COMMAND")
public final class ProxyCommand {}
