package dev.sallyport.testkit.site;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One user's machine: a home folder of its own, and {@code tsh} and {@code tctl} run in it. */
public final class Laptop {
  private final Installation installation;
  private final Path home;

  Laptop(Installation installation, Path home) throws IOException {
    this.home = Files.createDirectories(home);
    this.installation = installation.with(Map.of("HOME", home.toString()));
  }

  /** The home folder. */
  public Path home() {
    return home;
  }

  /** Runs {@code tsh} to its end. */
  public CommandResult tsh(String... arguments) throws IOException {
    return installation.run("", "tsh", arguments);
  }

  /** Runs {@code tsh} to its end, typing {@code input}. */
  public CommandResult tshTyping(String input, String... arguments) throws IOException {
    return installation.run(input, "tsh", arguments);
  }

  /** Runs {@code tctl} to its end, with the user's own login. */
  public CommandResult tctl(String... arguments) throws IOException {
    return installation.run("", "tctl", arguments);
  }

  /** Starts {@code tsh}; whoever asks for it closes it. */
  public RunningProcess start(String... arguments) throws IOException {
    return installation.start("tsh", List.of(arguments));
  }

  /** Opens a tunnel and waits until it takes connections. */
  public RunningProcess openTunnel(int port, List<String> more) throws IOException {
    RunningProcess tunnel = startTunnel(port, more);
    try {
      tunnel.awaitLine("Started authenticated tunnel");
      return tunnel;
    } catch (AssertionError e) {
      tunnel.close();
      throw e;
    }
  }

  /** Starts {@code tsh proxy db --tunnel} with more arguments. */
  public RunningProcess startTunnel(int port, List<String> more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("proxy", "db", "--tunnel", "--port", Integer.toString(port)));
    arguments.addAll(more);
    return installation.start("tsh", arguments);
  }

  /** Runs any program with this machine's environment, such as {@code aws}. */
  public CommandResult run(Map<String, String> environment, List<String> commandLine)
      throws IOException {
    return installation.with(environment).runAny(commandLine);
  }
}
