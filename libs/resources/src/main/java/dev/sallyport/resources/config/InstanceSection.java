package dev.sallyport.resources.config;

import dev.sallyport.model.HostPort;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// `teleport:`, what all services of the process share.
///
/// @param nodename absent means the name of the machine
/// @param join for the first join; from `auth_token` or `join_params`
/// @param maxConnections how many connections one address may have open at the Proxy; 0 = no limit
/// @param diagAddr where health and metrics are to be served; absent means nowhere
public record InstanceSection(
    Optional<String> nodename,
    Path dataDir,
    Optional<JoinParams> join,
    CaPinSource caPins,
    Optional<HostPort> proxyServer,
    Optional<HostPort> authServer,
    Optional<HostPort> diagAddr,
    Optional<Path> pidFile,
    int maxConnections,
    LogSection log) {
  public static final Path USUAL_DATA_DIR = Path.of("/var/lib/teleport");

  public InstanceSection {
    Objects.requireNonNull(nodename, "nodename");
    Objects.requireNonNull(dataDir, "dataDir");
    Objects.requireNonNull(join, "join");
    Objects.requireNonNull(caPins, "caPins");
    Objects.requireNonNull(proxyServer, "proxyServer");
    Objects.requireNonNull(authServer, "authServer");
    Objects.requireNonNull(diagAddr, "diagAddr");
    Objects.requireNonNull(pidFile, "pidFile");
    Objects.requireNonNull(log, "log");
  }
}
