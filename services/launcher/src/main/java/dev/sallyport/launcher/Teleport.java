package dev.sallyport.launcher;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `teleport` command as a function of its arguments and surroundings. Exit code 0 is success;
/// 1 is an error, which is told as `ERROR: …` on the error stream.
public final class Teleport {
  private Teleport() {}

  @Command(
      name = "teleport",
      description = "Runs the services of a Sallyport cluster: auth, proxy, database access.")
  private static final class Root implements Callable<Integer> {
    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        scope = ScopeType.INHERIT,
        description = "Show this help.")
    @SuppressWarnings("unused") // picocli fills it
    private boolean help;

    @Override
    public Integer call() throws StartFailure {
      throw new StartFailure("which command? One of start, configure, db, install, version");
    }
  }

  /// Runs one command. `start` returns when its thread is interrupted, after everything was closed.
  public static int run(
      String[] arguments,
      PrintStream out,
      PrintStream err,
      Map<String, String> env,
      InstantSource clock) {
    return run(arguments, out, err, env, clock, new Reloads());
  }

  /// The same.
  ///
  /// @param reloads asks `start` to read its file again
  public static int run(
      String[] arguments,
      PrintStream out,
      PrintStream err,
      Map<String, String> env,
      InstantSource clock,
      Reloads reloads) {
    var around = new Surroundings(out, err, env, clock, reloads);
    var line = commands(around);
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((problem, args) -> usage(problem, err));
    line.setExecutionExceptionHandler((problem, command, parsed) -> failed(problem, err));
    return line.execute(arguments);
  }

  /// What the command understands: its commands and their flags, for documents about it. Not to be
  /// run.
  public static CommandSpec model() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    return commands(
            new Surroundings(nowhere, nowhere, Map.of(), InstantSource.system(), new Reloads()))
        .getCommandSpec();
  }

  private static CommandLine commands(Surroundings around) {
    return new CommandLine(new Root())
        .addSubcommand(new StartCommand(around))
        .addSubcommand(new ConfigureCommand(around))
        .addSubcommand(DbCommand.of(around))
        .addSubcommand(InstallCommand.of(around))
        .addSubcommand(new VersionCommand(around));
  }

  private static int usage(ParameterException problem, PrintStream err) {
    if (problem instanceof UnmatchedArgumentException unmatched) {
      return error(err, LaterFlags.explain(unmatched.getUnmatched()));
    }
    problem.getCommandLine().usage(err);
    return error(err, String.valueOf(problem.getMessage()));
  }

  private static int failed(Exception problem, PrintStream err) {
    if (problem instanceof StartFailure known) {
      return error(err, known.text());
    }
    problem.printStackTrace(err);
    return error(err, problem + " (this is a fault of teleport; please report it)");
  }

  private static int error(PrintStream err, String message) {
    err.println("ERROR: " + String.join("\nERROR: ", List.of(message.split("\n", -1))));
    return 1;
  }
}
