package dev.sallyport.testkit.cluster;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.tsh.TshMain;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Somebody with a home folder of their own who uses `tsh` inside this JVM. Closes the tunnels that
/// were opened.
public final class Person implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile(" on 127\\.0\\.0\\.1:(\\d+)\\.");

  private final String name;
  private final Path home;
  private final InstantSource clock;
  private final Deque<RunningCommand> started = new ArrayDeque<>();

  Person(String name, Path home, InstantSource clock) throws IOException {
    this.name = name;
    this.home = Files.createDirectories(home);
    this.clock = clock;
  }

  /// The user name.
  public String name() {
    return name;
  }

  /// The home folder.
  public Path home() {
    return home;
  }

  /// Runs `tsh` to its end.
  public CommandResult tsh(String... arguments) {
    return tshTyping("", arguments);
  }

  /// Runs `tsh` to its end, typing `input`.
  public CommandResult tshTyping(String input, String... arguments) {
    return start(input, List.of(arguments)).result();
  }

  /// Starts `tsh`; ended with the person at the latest.
  public RunningCommand startTsh(String... arguments) {
    var command = start("", List.of(arguments));
    started.push(command);
    return command;
  }

  /// A tunnel that takes connections.
  ///
  /// @param command what keeps it open
  /// @param endpoint where clients reach it
  public record Tunnel(RunningCommand command, URI endpoint) implements AutoCloseable {
    @Override
    public void close() {
      command.close();
    }
  }

  /// Opens a tunnel on a port that the system chooses, with more arguments, such as the database.
  public Tunnel openTunnel(String... more) {
    var arguments = new ArrayList<>(List.of("proxy", "db", "--tunnel"));
    arguments.addAll(List.of(more));
    var command = startTsh(arguments.toArray(String[]::new));
    var found = command.awaitText(LISTENING);
    return new Tunnel(command, URI.create("http://127.0.0.1:" + found.group(1)));
  }

  private RunningCommand start(String input, List<String> arguments) {
    return new RunningCommand(
        "tsh " + String.join(" ", arguments),
        (out, err) ->
            TshMain.run(
                arguments.toArray(String[]::new),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                out,
                err,
                Map.of("TELEPORT_HOME", home.resolve(".tsh").toString()),
                home,
                clock));
  }

  @Override
  public void close() {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }
}
