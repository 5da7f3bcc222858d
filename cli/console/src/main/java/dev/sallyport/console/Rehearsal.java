package dev.sallyport.console;

import java.util.ArrayList;
import java.util.List;

/// Several commands of a program in one process, one after another. `lib/make-caches` asks for it:
/// Java keeps what one process loaded and linked, and no single command loads what users' commands
/// do.
public final class Rehearsal {
  /// Stands between two commands.
  public static final String THEN = "--then";

  private final List<List<String>> commands = new ArrayList<>();

  /// One command of the program as a function: its exit code.
  public interface Program {
    /// Runs a command.
    int run(String[] arguments);
  }

  /// The commands that stand in a command line.
  public Rehearsal(String... arguments) {
    var command = new ArrayList<String>();
    for (var argument : arguments) {
      if (argument.equals(THEN)) {
        commands.add(List.copyOf(command));
        command.clear();
      } else {
        command.add(argument);
      }
    }
    commands.add(List.copyOf(command));
  }

  /// Runs all commands but the last, and gives back that one: it may run until the process ends.
  ///
  /// @throws IllegalStateException at the first that fails
  public String[] runAllButLast(Program program) {
    for (var command : commands.subList(0, commands.size() - 1)) {
      int code = program.run(command.toArray(String[]::new));
      if (code != 0) {
        throw new IllegalStateException(command + " ended with " + code);
      }
    }
    return commands.getLast().toArray(String[]::new);
  }
}
