package dev.sallyport.agent.cluster;

import dev.sallyport.control.Backoff;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.DatabaseHeartbeat;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells Auth which databases the agent serves: at the start, when asked to (after a reconnect),
/// and about every five minutes; after a failure within a second. On a virtual thread of its own.
/// Whoever starts it closes it, which takes the announcement back.
public final class Heartbeats implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Duration JITTER = Duration.ofSeconds(30);
  private static final Duration RETRY_FIRST = Duration.ofMillis(100);
  private static final Duration RETRY_LONGEST = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  private final ControlClient control;
  private final Supplier<DatabaseHeartbeat> content;
  private final Runnable eachTime;
  private final RandomGenerator random;
  private final Semaphore wanted = new Semaphore(1);
  private final CountDownLatch announced = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("sallyport-heartbeat").unstarted(this::run);
  private volatile boolean closed;

  /// @param content asked for anew each time
  /// @param eachTime runs on the same thread after each heartbeat that was taken
  /// @param random spreads the heartbeats of agents that began together
  public Heartbeats(
      ControlClient control,
      Supplier<DatabaseHeartbeat> content,
      Runnable eachTime,
      RandomGenerator random) {
    this.control = control;
    this.content = content;
    this.eachTime = eachTime;
    this.random = random;
  }

  /// Begins.
  public void start() {
    thread.start();
  }

  /// Asks for one soon; many asks at once are one.
  public void wake() {
    if (wanted.availablePermits() == 0) {
      wanted.release();
    }
  }

  /// Waits for the first one that Auth took.
  public boolean awaitAnnounced(Duration limit) throws InterruptedException {
    return announced.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    var retry = new Backoff(RETRY_FIRST, RETRY_LONGEST, random);
    var wait = Duration.ZERO;
    try {
      while (!closed) {
        wanted.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
        wanted.drainPermits();
        if (!closed && beat()) {
          retry.reset();
          wait = EVERY.plusMillis(random.nextLong(-JITTER.toMillis(), JITTER.toMillis()));
        } else {
          wait = retry.pause();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean beat() {
    try {
      var heartbeat = content.get();
      control.heartbeat(heartbeat);
      if (announced.getCount() > 0) {
        announced.countDown();
        LOG.atInfo()
            .addKeyValue("databases", heartbeat.databases().size())
            .log("The cluster knows the databases of this agent");
      }
      eachTime.run();
      return true;
    } catch (ControlException e) {
      switch (e.kind()) {
        case UNAVAILABLE, INTERNAL, LIMIT_EXCEEDED ->
            LOG.atDebug().addKeyValue("reason", e.reason()).log("A heartbeat was not taken");
        case ACCESS_DENIED,
            MFA_REQUIRED,
            BAD_PARAMETER,
            NOT_FOUND,
            ALREADY_EXISTS,
            COMPARE_FAILED ->
            LOG.atError()
                .addKeyValue("reason", e.reason())
                .log("The cluster refuses the databases of this agent");
      }
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (announced.getCount() > 0) {
      return;
    }
    try {
      control.endHeartbeat();
    } catch (ControlException e) {
      LOG.atDebug()
          .addKeyValue("reason", e.reason())
          .log("The announcement could not be taken back");
    }
  }
}
