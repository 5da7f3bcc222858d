package dev.sallyport.tsh.background;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Console;
import dev.sallyport.pki.PrivateFile;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Starts tsh once more, without a terminal, and waits until its tunnels are open.
public final class BackgroundStart {
  /// The hidden option by which the second process knows what it is.
  public static final String OPTION = "--background-as";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final Console console;
  private final BackgroundFolder folder;

  /// With the environment of this process.
  public BackgroundStart(Console console, BackgroundFolder folder) {
    this.console = console;
    this.folder = folder;
  }

  /// Starts it.
  ///
  /// @param arguments of tsh, for a process of its own
  /// @param handover what it begins with
  /// @throws CommandFailure with what the process said, when it ended
  public BackgroundTunnel start(String mainClass, List<String> arguments, Handover handover) {
    folder.prepare();
    var random = new byte[4];
    new SecureRandom().nextBytes(random);
    var id = HexFormat.of().formatHex(random);
    var all = new ArrayList<>(java(mainClass));
    all.addAll(arguments);
    all.add(OPTION + "=" + id);
    try {
      PrivateFile.write(folder.log(id), "");
      var process = process(all, folder.log(id));
      hand(handover, process);
      return await(new BackgroundTunnel(folder, id), process);
    } catch (IOException e) {
      folder.forget(id);
      throw new CommandFailure("cannot start the tunnel's process: " + e.getMessage(), e);
    }
  }

  /// A process that ends before it has read everything says why in its output.
  private static void hand(Handover handover, Process process) {
    try (var in = process.getOutputStream()) {
      in.write(handover.text().reveal().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The pipe is closed at the other end: what comes next finds out.
    }
  }

  private BackgroundTunnel await(BackgroundTunnel tunnel, Process process) throws IOException {
    var rounds = PATIENCE.dividedBy(LOOK_EVERY);
    try {
      for (long i = 0; i < rounds; i++) {
        if (process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
          throw ended(tunnel.id());
        }
        if (tunnel.known() && tunnel.status().isPresent()) {
          return tunnel;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroy();
    folder.forget(tunnel.id());
    throw new CommandFailure(
        "the tunnel was not open after " + PATIENCE.toSeconds() + " seconds and was stopped");
  }

  private CommandFailure ended(String id) throws IOException {
    var said =
        Files.readString(folder.log(id))
            .lines()
            .filter(line -> !line.isBlank())
            .collect(Collectors.joining("\n"));
    folder.forget(id);
    var error = said.indexOf("ERROR: ");
    return new CommandFailure(
        error >= 0 ? said.substring(error + "ERROR: ".length()) : "the tunnel ended: " + said);
  }

  private Process process(List<String> command, Path log) throws IOException {
    var windows = File.separatorChar == '\\';
    var wrapped = new ArrayList<String>();
    if (!windows) {
      // Closing the terminal, and Ctrl-C in it, are not meant for this process. Java leaves signals
      // alone that are ignored when it starts.
      wrapped.addAll(List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "tsh"));
    }
    wrapped.addAll(command);
    var builder =
        new ProcessBuilder(wrapped)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(console.env());
    // Which wins over the property of Java.
    builder.environment().put("HOME", console.home().toString());
    return builder.start();
  }

  /// This very Java with the options that matter: a debugger's port, for one, can't be had twice.
  private List<String> java(String mainClass) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            option -> option.startsWith("-X") || option.startsWith("-D") || option.startsWith("--"))
        .filter(option -> !option.startsWith("-Xrun"))
        .forEach(command::add);
    command.add("-Duser.home=" + console.home());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    return command;
  }
}
