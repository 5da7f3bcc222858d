package dev.sallyport.tsh;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// Keeps a command running until it is told to end.
public interface Foreground {
  /// Waits; when it is told to end, by its own means or by the latch, runs `close` once and
  /// returns, or ends the process with status 0.
  void stay(CountDownLatch end, Runnable close);

  /// Ends when the thread is interrupted: for many tools in one JVM.
  static Foreground ofThread() {
    return (end, close) -> {
      try {
        end.await();
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
    return (end, close) -> {
      var closed = new AtomicBoolean();
      Runnable once =
          () -> {
            if (closed.compareAndSet(false, true)) {
              close.run();
            }
          };
      var runtime = Runtime.getRuntime();
      runtime.addShutdownHook(
          Thread.ofPlatform()
              .name("sallyport-tsh-end")
              .unstarted(() -> {
                once.run();
                runtime.halt(0);
              }));
      ofThread().stay(end, once);
    };
  }
}
