package dev.sallyport.tsh;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.diagnostics.ProcessSignal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// Runs a program in tsh's own terminal, to its end.
public final class ProgramRun {
  private static final int ENDED_BY_TERM = 128 + 15;

  private ProgramRun() {}

  /// Runs it and gives back its exit status. When tsh itself is ended, the program is too.
  ///
  /// @param close what is to be done after it, in any case, once
  public static int run(List<String> command, Map<String, String> environment, Runnable close) {
    var closed = new AtomicBoolean();
    Runnable once =
        () -> {
          if (closed.compareAndSet(false, true)) {
            close.run();
          }
        };
    try {
      var builder = new ProcessBuilder(command).inheritIO();
      builder.environment().clear();
      builder.environment().putAll(environment);
      // Ctrl-C is sent to both, and is the program's to act upon.
      ProcessSignal.INTERRUPT.take(() -> {});
      return await(builder.start(), once);
    } catch (IOException e) {
      throw new CommandFailure("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    } finally {
      once.run();
    }
  }

  private static int await(Process process, Runnable close) {
    var hook =
        Thread.ofPlatform()
            .name("sallyport-tsh-end")
            .unstarted(() -> {
              process.destroy();
              process.onExit().join();
              close.run();
              Runtime.getRuntime().halt(ENDED_BY_TERM);
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      return ENDED_BY_TERM;
    } finally {
      remove(hook);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is running
    }
  }
}
