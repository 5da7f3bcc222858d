package dev.sallyport.tctl;

import dev.sallyport.console.Printable;
import dev.sallyport.control.ControlException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// The tool as a function of its arguments and surroundings. Exit code 0 is success; 1 is an error,
/// which is told as `ERROR: …` on the error stream.
final class Tctl {
  private final Function<TctlCommand, AdminApi> connect;

  /// With the way to a connection, given the global options.
  Tctl(Function<TctlCommand, AdminApi> connect) {
    this.connect = connect;
  }

  int run(String[] arguments, Invocation invocation) {
    TctlCommand root = new TctlCommand();
    CommandLine line = commands(root, new Tool(invocation, () -> connect.apply(root)));
    line.setOut(new PrintWriter(invocation.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(invocation.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((problem, args) -> usageError(problem, invocation));
    line.setExecutionExceptionHandler(
        (problem, command, parsed) -> failed(problem, root.debug, invocation));
    return line.execute(arguments);
  }

  /// Every command and flag, with nothing behind them that could run.
  static CommandSpec model() {
    var nowhere = OutputStream.nullOutputStream();
    var invocation =
        new Invocation(
            InputStream.nullInputStream(),
            new PrintStream(nowhere),
            new PrintStream(nowhere),
            Map.of(),
            Path.of(""),
            InstantSource.system());
    return commands(
            new TctlCommand(),
            new Tool(
                invocation,
                () -> {
                  throw new IllegalStateException("a model reaches no cluster");
                }))
        .getCommandSpec();
  }

  private static CommandLine commands(TctlCommand root, Tool tool) {
    return new CommandLine(root)
        .addSubcommand(new StatusCommand(tool))
        .addSubcommand(new GetCommand(tool))
        .addSubcommand(new CreateCommand(tool))
        .addSubcommand(new EditCommand(tool))
        .addSubcommand(new UpdateCommand(tool))
        .addSubcommand(new RemoveCommand(tool))
        .addSubcommand(new LockCommand(tool))
        .addSubcommand("access", AccessCommand.of(tool))
        .addSubcommand("users", UsersCommand.of(tool))
        .addSubcommand("tokens", TokensCommand.of(tool))
        .addSubcommand("auth", AuthCommand.of(tool))
        .addSubcommand("audit", AuditCommand.of(tool))
        .addSubcommand("db", DbCommand.of(tool))
        .addSubcommand(new VersionCommand(tool));
  }

  private static int usageError(ParameterException problem, Invocation invocation) {
    problem.getCommandLine().usage(invocation.err());
    return error(invocation, String.valueOf(problem.getMessage()));
  }

  private static int failed(Exception problem, boolean debug, Invocation invocation) {
    if (debug) {
      problem.printStackTrace(invocation.err());
    }
    String message =
        switch (problem) {
          case ControlException refused -> refused.reason();
          case CommandFailed known -> String.valueOf(known.getMessage());
          default -> problem + " (this is a fault of tctl; run with --debug and report it)";
        };
    return error(invocation, message);
  }

  private static int error(Invocation invocation, String message) {
    invocation.err().println("ERROR: " + Printable.text(message));
    invocation.err().println();
    return 1;
  }
}
