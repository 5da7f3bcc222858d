package dev.sallyport.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// The process around a command, as values, so that a whole command runs in a test.
///
/// @param home the user's home folder
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> env,
    Path home,
    InstantSource clock) {
  private static final int LINE_BYTES_MAX = 4096;

  /// A variable that is set and not empty.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(env.get(name)).filter(value -> !value.isEmpty());
  }

  /// Asks for a secret: without echo when a person types it, else one line of the input.
  public String readSecret(String prompt) {
    err.print(prompt);
    err.flush();
    if (isProcessInput()) {
      var terminal = Optional.ofNullable(System.console()).filter(console -> console.isTerminal());
      if (terminal.isPresent()) {
        var typed = terminal.get().readPassword("");
        return typed == null ? "" : new String(typed);
      }
      if (Echo.inputIsTerminal()) {
        return readHidden();
      }
    }
    var line = readLine();
    err.println();
    return line;
  }

  /// Asks for something that may be seen: one line of the input.
  public String readText(String prompt) {
    err.print(prompt);
    err.flush();
    return readLine().strip();
  }

  /// Lets a person at a terminal read on when they are ready. Input that is no terminal is left
  /// alone.
  public void awaitEnter(String prompt) {
    if (isProcessInput() && Echo.inputIsTerminal()) {
      err.println(prompt);
      err.flush();
      var _ = readLine();
    }
  }

  private String readHidden() {
    Echo.set(false);
    try {
      return readLine();
    } finally {
      Echo.set(true);
      err.println();
    }
  }

  private String readLine() {
    var line = new ByteArrayOutputStream();
    try {
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        if (line.size() == LINE_BYTES_MAX) {
          throw new CommandFailure("the line is longer than " + LINE_BYTES_MAX + " bytes");
        }
        line.write(b);
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot read the input: " + e.getMessage(), e);
    }
    var text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private boolean isProcessInput() {
    return in.equals(System.in);
  }

  /// Echo of a terminal whose output goes elsewhere, where Java's own console does not help.
  private static final class Echo {
    static boolean inputIsTerminal() {
      return run("test", "-t", "0");
    }

    static void set(boolean on) {
      if (!run("stty", on ? "echo" : "-echo") && !on) {
        throw new CommandFailure("cannot switch the terminal's echo off");
      }
    }

    private static boolean run(String... command) {
      try {
        return new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectErrorStream(true)
                .start()
                .waitFor()
            == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
