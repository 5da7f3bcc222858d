package dev.sallyport.testkit.cluster;

import dev.sallyport.testkit.process.CommandResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/// A command that runs on a thread of its own in this JVM until it ends by itself or is closed.
/// What it printed can be read at any time. Whoever starts it closes it.
public final class RunningCommand implements AutoCloseable {
  /// How long a command may take to say what is waited for; a loaded machine is slow.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration END_WITHIN = Duration.ofSeconds(30);

  private final String commandLine;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Thread thread;
  private volatile @Nullable Integer exitCode;

  /// A command of this JVM: takes where to print, gives back its exit status, and ends when its
  /// thread is interrupted.
  interface Body {
    int run(PrintStream out, PrintStream err);
  }

  RunningCommand(String commandLine, Body body) {
    this.commandLine = commandLine;
    this.thread =
        Thread.ofPlatform()
            .name("sallyport-" + commandLine.split(" ", 2)[0])
            .start(() -> exitCode = body.run(printer(out), printer(err)));
  }

  private static PrintStream printer(ByteArrayOutputStream into) {
    return new PrintStream(into, true, StandardCharsets.UTF_8);
  }

  /// What it printed so far.
  public String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /// What it complained of so far.
  public String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /// Waits until its output or its complaints have this, and gives it back.
  public MatchResult awaitText(Pattern wanted) {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> find(wanted).isPresent() || exitCode != null);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(this + "\nnothing like '" + wanted + "' was printed", e);
    }
    return find(wanted)
        .orElseThrow(() -> new AssertionError(this + "\nended without '" + wanted + "'"));
  }

  private Optional<MatchResult> find(Pattern wanted) {
    return Stream.of(output(), errors())
        .map(wanted::matcher)
        .filter(Matcher::find)
        .map(Matcher::toMatchResult)
        .findFirst();
  }

  /// Whether it still runs.
  public boolean isRunning() {
    return thread.isAlive();
  }

  /// Ends it as Ctrl-C would, and gives back how it ended.
  public CommandResult stop() {
    thread.interrupt();
    return result();
  }

  /// Waits for its end.
  CommandResult result() {
    try {
      thread.join(END_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var code = exitCode;
    if (code == null) {
      throw new AssertionError(this + "\ndid not end within " + END_WITHIN);
    }
    return new CommandResult(commandLine, code, output(), errors());
  }

  @Override
  public void close() {
    stop();
  }

  @Override
  public String toString() {
    return "$ " + commandLine + "\n" + output() + errors();
  }
}
