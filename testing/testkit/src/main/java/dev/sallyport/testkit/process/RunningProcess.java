package dev.sallyport.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One process and everything it has printed so far. Any thread may wait or look. Closing ends it:
 * politely, then by force. A process that is still there when this JVM ends is killed.
 */
public final class RunningProcess implements AutoCloseable {
  private static final Duration POLITE = Duration.ofSeconds(10);

  private final String commandLine;
  private final Process process;
  private final Thread guard;
  private final List<String> lines = new ArrayList<>();
  private final StringBuilder output = new StringBuilder();
  private final StringBuilder errors = new StringBuilder();
  private final List<Thread> readers;

  private RunningProcess(String commandLine, Process process) {
    this.commandLine = commandLine;
    this.process = process;
    this.guard = new Thread(process::destroyForcibly, "process-guard");
    this.readers =
        List.of(
            reader(() -> read(process.getInputStream(), output)),
            reader(() -> read(process.getErrorStream(), errors)));
  }

  /** No virtual thread: a read of a pipe holds its carrier, and there may be no other. */
  private static Thread reader(Runnable reading) {
    return Thread.ofPlatform().daemon().unstarted(reading);
  }

  /** Starts a program with this environment and no other; the caller closes the process. */
  public static RunningProcess start(List<String> commandLine, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(HeardSignals.in(commandLine));
    builder.environment().clear();
    builder.environment().putAll(environment);
    RunningProcess running = new RunningProcess(String.join(" ", commandLine), builder.start());
    Runtime.getRuntime().addShutdownHook(running.guard);
    running.readers.forEach(Thread::start);
    return running;
  }

  /** Waits for a line, printed already or to come, that {@code pattern} is found in. */
  public Matcher awaitLine(Pattern pattern, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    int seen = 0;
    synchronized (lines) {
      while (true) {
        for (; seen < lines.size(); seen++) {
          Matcher matcher = pattern.matcher(lines.get(seen));
          if (matcher.find()) {
            return matcher;
          }
        }
        if (System.nanoTime() >= deadline || readers.stream().noneMatch(Thread::isAlive)) {
          throw new AssertionError(
              "no line like /" + pattern + "/ within " + patience + " from\n" + transcript());
        }
        pause();
      }
    }
  }

  /** Like {@link #awaitLine(Pattern, Duration)}, with a pattern as text and a minute's patience. */
  public Matcher awaitLine(String pattern) {
    return awaitLine(Pattern.compile(pattern), Installation.PATIENCE);
  }

  private void pause() {
    try {
      lines.wait(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + commandLine, e);
    }
  }

  private void read(InputStream stream, StringBuilder into) {
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (lines) {
          lines.add(line);
          into.append(line).append('\n');
          lines.notifyAll();
        }
      }
    } catch (IOException e) {
      // The pipe breaks when the process is killed; what was read stays.
      synchronized (lines) {
        lines.notifyAll();
      }
    }
  }

  /** Writes {@code input}, closes the standard input and waits for the end. */
  public CommandResult finish(String input, Duration patience) {
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A command that ends without reading its input has said why on its error stream.
    }
    Optional<Integer> code = awaitExit(patience);
    if (code.isEmpty()) {
      throw new AssertionError("still running after " + patience + ":\n" + transcript());
    }
    return new CommandResult(commandLine, code.get(), output(), errors());
  }

  /** The exit code, once the process has ended and all its output is read; empty if it runs on. */
  public Optional<Integer> awaitExit(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
      for (Thread reader : readers) {
        reader.join(POLITE);
      }
      return Optional.of(process.exitValue());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + commandLine, e);
    }
  }

  /** What was printed to standard output so far. */
  public String output() {
    synchronized (lines) {
      return output.toString();
    }
  }

  /** What was printed to standard error so far. */
  public String errors() {
    synchronized (lines) {
      return errors.toString();
    }
  }

  /** The command line and all lines of both streams, in the order of their arrival. */
  public String transcript() {
    synchronized (lines) {
      return "$ " + commandLine + "\n" + String.join("\n", lines) + "\n";
    }
  }

  /** Whether the process has not ended. */
  public boolean alive() {
    return process.isAlive();
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  /** Sends SIGKILL and waits for the end: nothing in the process gets a chance to clean up. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(POLITE);
  }

  /** Sends SIGTERM; does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** Sends SIGINT, as Ctrl-C does; does not wait for its effect. */
  public void interrupt() {
    signal("INT");
  }

  /** Sends SIGHUP; does not wait for its effect. */
  public void hangUp() {
    signal("HUP");
  }

  /** Sends SIGSTOP: the process keeps its connections and does nothing until {@link #resume}. */
  public void suspend() {
    signal("STOP");
  }

  /** Sends SIGCONT. */
  public void resume() {
    signal("CONT");
  }

  /**
   * As on a disk that is full: until {@link #emptyDisk} whatever it writes beyond the first few
   * bytes of a file fails. On Linux.
   */
  public void fillDisk() {
    limitFiles("1000:unlimited");
  }

  /** There is room again. */
  public void emptyDisk() {
    limitFiles("unlimited:unlimited");
  }

  private void limitFiles(String limits) {
    int exit = run("prlimit", "--pid", Long.toString(pid()), "--fsize=" + limits);
    if (exit != 0) {
      throw new IllegalStateException("prlimit ended with " + exit);
    }
  }

  private void signal(String name) {
    // One that has ended gets none.
    var _ = run("kill", "-" + name, Long.toString(pid()));
  }

  private int run(String... command) {
    try {
      return new ProcessBuilder(command).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach " + commandLine, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reaching " + commandLine, e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    if (awaitExit(POLITE).isEmpty()) {
      kill();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(guard);
    } catch (IllegalStateException e) {
      // The JVM is going down and runs the guard itself.
    }
  }
}
