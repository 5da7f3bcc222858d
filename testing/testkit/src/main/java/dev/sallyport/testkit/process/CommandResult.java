package dev.sallyport.testkit.process;

/** How a command ended, and all that it printed. */
public record CommandResult(String commandLine, int exitCode, String output, String errors) {
  /** This result if the command succeeded; else an error that shows what it printed. */
  public CommandResult orFail() {
    if (exitCode != 0) {
      throw new AssertionError(this + " (expected: exit code 0)");
    }
    return this;
  }

  @Override
  public String toString() {
    return "$ " + commandLine + "\n" + output + errors + "exit code " + exitCode;
  }
}
