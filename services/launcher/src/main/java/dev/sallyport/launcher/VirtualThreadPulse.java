package dev.sallyport.launcher;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Whether virtual threads get to run: all that blocks in a service runs on them, and a few that
/// never wait hold up the rest.
final class VirtualThreadPulse {
  private VirtualThreadPulse() {}

  /// Starts one, and sees whether it runs in this time. For platform threads alone.
  static boolean beats(Duration within) throws InterruptedException {
    var ran = new CountDownLatch(1);
    Thread.ofVirtual().name("sallyport-pulse").start(ran::countDown);
    return ran.await(within.toMillis(), TimeUnit.MILLISECONDS);
  }
}
