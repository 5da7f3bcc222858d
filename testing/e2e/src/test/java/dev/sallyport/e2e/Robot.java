package dev.sallyport.e2e;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import dev.sallyport.testkit.site.Laptop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A user without a browser: an identity file of {@code tctl auth sign}, and a machine with nothing
 * else.
 */
final class Robot {
  private final GuideSite guide;
  private final String name;
  private final Path identity;
  private final Laptop machine;

  private Robot(GuideSite guide, String name, Path identity, Laptop machine) {
    this.guide = guide;
    this.name = name;
    this.identity = identity;
    this.machine = machine;
  }

  /** Adds a user with these roles to the cluster, and signs an identity file for it. */
  static Robot add(GuideSite guide, String name, String roles, String ttl) throws IOException {
    guide.site.tctl("users", "add", name, "--roles=" + roles).orFail();
    Path identity = guide.site.folder().resolve(name + ".pem");
    guide.site.tctl("auth", "sign", "--user=" + name, "--out=" + identity, "--ttl=" + ttl).orFail();
    return new Robot(guide, name, identity, guide.site.laptop(name, Map.of()));
  }

  /** Signs its identity file anew: what it runs goes on with the new one. */
  void signAgain(String ttl) throws IOException {
    guide
        .site
        .tctl("auth", "sign", "--user=" + name, "--out=" + identity, "--ttl=" + ttl, "--overwrite")
        .orFail();
  }

  /** A tunnel that is open; whoever asks for it closes it. */
  Tunnel open(String dbUser, String database) throws IOException {
    return open(FreePorts.next(), dbUser, database);
  }

  /** The same at this port. */
  Tunnel open(int port, String dbUser, String database) throws IOException {
    return open(port, dbUser, database, List.of());
  }

  /** The same with more arguments. */
  Tunnel open(int port, String dbUser, String database, List<String> more) throws IOException {
    List<String> arguments = new ArrayList<>(more);
    arguments.addAll(arguments(dbUser, database));
    return new Tunnel(port, machine.openTunnel(port, arguments));
  }

  /** Runs {@code tsh proxy db}, which is expected to end by itself. */
  CommandResult fail(int port, String dbUser, String database) throws IOException {
    try (RunningProcess process = machine.startTunnel(port, arguments(dbUser, database))) {
      return process.finish("", dev.sallyport.testkit.process.Installation.PATIENCE);
    }
  }

  /** What {@code tsh db ls} prints. */
  CommandResult databases() throws IOException {
    return machine.tsh(
        "-i", identity.toString(), "--proxy=" + guide.site.proxyAddress(), "db", "ls");
  }

  private List<String> arguments(String dbUser, String database) {
    return List.of(
        "-i",
        identity.toString(),
        "--proxy=" + guide.site.proxyAddress(),
        "--db-user=" + dbUser,
        database);
  }

  /** An open tunnel. */
  record Tunnel(int port, RunningProcess process) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }
}
