package dev.sallyport.proxy;

import dev.sallyport.control.Backoff;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ProxyHeartbeat;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the Auth Service where people reach this Proxy, for the links that it gives out: until it
/// was heard, and again from time to time. Whoever starts it closes it.
final class Announcement implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofMinutes(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(Announcement.class);

  private final CountDownLatch stop = new CountDownLatch(1);

  private Announcement() {}

  /// @param random spreads the tries of Proxies that lost the Auth Service together
  static Announcement start(
      Supplier<ControlClient> control, ProxyHeartbeat heartbeat, RandomGenerator random) {
    var announcement = new Announcement();
    var backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
    Thread.ofVirtual()
        .name("sallyport-proxy-announcement")
        .start(() -> announcement.tell(control, heartbeat, backoff));
    return announcement;
  }

  private void tell(Supplier<ControlClient> control, ProxyHeartbeat heartbeat, Backoff backoff) {
    try {
      Duration pause;
      do {
        pause = heard(control, heartbeat, backoff);
      } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration heard(
      Supplier<ControlClient> control, ProxyHeartbeat heartbeat, Backoff backoff) {
    try {
      control.get().announceProxy(heartbeat);
      backoff.reset();
      return AGAIN;
    } catch (ControlException e) {
      log.atDebug().addKeyValue("reason", e.reason()).log("the Auth Service was not told");
      return backoff.pause();
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
