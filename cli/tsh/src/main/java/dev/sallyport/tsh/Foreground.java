package dev.sallyport.tsh;

import java.util.concurrent.CountDownLatch;

/// Keeps a command running until it is told to end.
public interface Foreground {
  /// Waits; when it is told to end, runs `close` and returns, or ends the process with status 0.
  void stay(Runnable close);

  /// Ends when the thread is interrupted: for many tools in one JVM.
  static Foreground ofThread() {
    return close -> {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        close.run();
      }
    };
  }

  /// Ends by Ctrl-C or SIGTERM, which is the proper end of such a command and so status 0. Java
  /// itself would report the signal.
  static Foreground ofProcess() {
    return close -> {
      var runtime = Runtime.getRuntime();
      runtime.addShutdownHook(
          Thread.ofPlatform()
              .name("sallyport-tsh-end")
              .unstarted(() -> {
                close.run();
                runtime.halt(0);
              }));
      ofThread().stay(() -> {});
    };
  }
}
