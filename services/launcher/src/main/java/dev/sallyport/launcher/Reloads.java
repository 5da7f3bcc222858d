package dev.sallyport.launcher;

import java.util.concurrent.Semaphore;

/// Requests to read the configuration again. Many that come while one is looked after are one.
public final class Reloads {
  private final Semaphore asked = new Semaphore(0);
  private volatile boolean signalIgnored;

  /// Asks for it; for any thread, at any time.
  public void ask() {
    asked.release();
  }

  /// Tells that HUP does not ask for it.
  void signalIsIgnored() {
    signalIgnored = true;
  }

  boolean isSignalIgnored() {
    return signalIgnored;
  }

  /// Waits for the next one.
  void await() throws InterruptedException {
    asked.acquire();
    asked.drainPermits();
  }
}
