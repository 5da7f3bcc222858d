package dev.sallyport.tctl;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The root: options that every command takes, before or after its name.
@Command(
    name = "tctl",
    description = "Administers a cluster.",
    mixinStandardHelpOptions = false,
    synopsisSubcommandLabel = "COMMAND")
final class TctlCommand {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "configuration file of the Auth Service (default: /etc/teleport.yaml)")
  @Nullable Path config;

  @Option(
      names = "--auth-server",
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      description = "address of the Auth Service, or of a Proxy with --identity")
  @Nullable String authServer;

  @Option(
      names = {"-i", "--identity"},
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "identity file to act as, made by tctl auth sign")
  @Nullable Path identity;

  @Option(
      names = "--insecure",
      scope = ScopeType.INHERIT,
      description = "accepted: tctl knows the cluster's authorities and always verifies by them")
  @SuppressWarnings("unused") // picocli fills it
  boolean insecure;

  @Option(
      names = {"-d", "--debug"},
      scope = ScopeType.INHERIT,
      description = "show where an error came from")
  boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "show this help")
  boolean help;
}
