package dev.sallyport.console;

import dev.sallyport.control.ControlException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;

/// Runs a tree of commands and turns whatever goes wrong into `ERROR: <message>` and status 1.
public final class CommandTree {
  private static final int FAILED = 1;

  private CommandTree() {}

  /// Runs the command that the arguments name.
  ///
  /// @param debug whether stack traces are wanted; asked after the arguments are read
  public static int run(CommandLine root, Console console, BooleanSupplier debug, String... args) {
    root.setOut(writer(console.out()));
    root.setErr(writer(console.err()));
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setParameterExceptionHandler((problem, _) -> {
      problem.getCommandLine().usage(console.err());
      return failed(console, problem, debug.getAsBoolean());
    });
    root.setExecutionExceptionHandler(
        (problem, _, _) -> failed(console, problem, debug.getAsBoolean()));
    var status = root.execute(args);
    console.out().flush();
    console.err().flush();
    return status;
  }

  private static int failed(Console console, Exception problem, boolean debug) {
    console.out().flush();
    var err = console.err();
    err.println("ERROR: " + Printable.text(message(problem)));
    if (debug) {
      problem.printStackTrace(err);
    }
    err.println();
    return FAILED;
  }

  private static String message(Exception problem) {
    return switch (problem) {
      case CommandFailure failure -> text(failure);
      case ControlException refused -> refused.reason();
      case CommandLine.ParameterException misuse -> text(misuse);
      case IOException broken -> text(broken);
      case UncheckedIOException broken -> String.valueOf(broken.getMessage());
      case IllegalArgumentException wrong -> text(wrong);
      default -> "unexpected fault: " + problem + " (run again with -d for details)";
    };
  }

  private static String text(Exception problem) {
    var message = problem.getMessage();
    return message == null ? problem.getClass().getSimpleName() : message;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}
