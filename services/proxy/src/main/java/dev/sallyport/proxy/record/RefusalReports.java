package dev.sallyport.proxy.record;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.audit.UserEvent.AuthAttempt;
import dev.sallyport.audit.UserMetadata;
import dev.sallyport.control.AuditBatch;
import dev.sallyport.proxy.front.Refusals;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Sends an `auth` event (T3007W) to the Auth Service for each one who was turned away at a door.
///
/// Whoever is turned away can come again as often as the door's rate allows, so this is bounded:
/// beyond [#WAITING_MAX] refusals that Auth has not taken yet they are counted, and one event tells
/// how many there were. A batch is sent until Auth takes it. Never waits in [#refused]; a virtual
/// thread sends. Whoever starts it closes it.
public final class RefusalReports implements Refusals, AutoCloseable {
  /// How many refusals may wait to be sent.
  public static final int WAITING_MAX = 1_024;

  private static final int BATCH = 100;
  private static final int REASON_MAX = 500;
  private static final Duration LOOK_EACH = Duration.ofMillis(100);
  private static final Duration RETRY_FIRST = Duration.ofMillis(100);
  private static final Duration RETRY_LAST = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(RefusalReports.class);

  private final Source source;
  private final Consumer<AuditBatch> send;
  private final RandomGenerator jitter;
  // Without locks: an event loop must not park because another one is here, too.
  private final Queue<AuthAttempt> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private final AtomicLong uncounted = new AtomicLong();
  private final CountDownLatch closing = new CountDownLatch(1);
  private @Nullable Thread sender;

  /// What each event is headed with.
  ///
  /// @param clusterName the cluster's name, asked for each event
  /// @param ids unique event ids
  /// @param clock the time
  public record Source(Supplier<String> clusterName, Supplier<String> ids, InstantSource clock) {}

  /// @param send hands a batch to the Auth Service, or throws
  public RefusalReports(Source source, Consumer<AuditBatch> send, RandomGenerator jitter) {
    this.source = source;
    this.send = send;
    this.jitter = jitter;
  }

  /// Begins to send.
  public RefusalReports start() {
    sender = Thread.ofVirtual().name("sallyport-refusals").start(this::sendAll);
    return this;
  }

  @Override
  public void refused(String door, SocketAddress peer, String reason) {
    if (waitingCount.getAndIncrement() >= WAITING_MAX) {
      waitingCount.getAndDecrement();
      uncounted.getAndIncrement();
      return;
    }
    waiting.add(event(door + ": " + reason, Optional.of(address(peer))));
  }

  private AuthAttempt event(String error, Optional<String> address) {
    return new AuthAttempt(
        new EventHeader(
            source.ids().get(), source.clock().instant(), source.clusterName().get(), 0),
        UserMetadata.named(""),
        error.length() > REASON_MAX ? error.substring(0, REASON_MAX) : error,
        address);
  }

  private static String address(SocketAddress peer) {
    return peer instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : "";
  }

  private void sendAll() {
    try {
      boolean last = false;
      while (!last) {
        last = closing.await(LOOK_EACH.toMillis(), TimeUnit.MILLISECONDS);
        for (var batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
          send(new AuditBatch(batch.stream().<JsonNode>map(AuditJson::toJson).toList()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<AuthAttempt> nextBatch() {
    var batch = new ArrayList<AuthAttempt>(BATCH);
    while (batch.size() < BATCH - 1) {
      var next = waiting.poll();
      if (next == null) {
        break;
      }
      waitingCount.getAndDecrement();
      batch.add(next);
    }
    if (!batch.isEmpty()) {
      addUncounted(batch);
    }
    return batch;
  }

  private void addUncounted(List<AuthAttempt> batch) {
    long more = uncounted.getAndSet(0);
    if (more > 0) {
      batch.add(
          event(
              more + " more refusals at the Proxy's doors came too fast to be recorded one by one",
              Optional.empty()));
    }
  }

  private void send(AuditBatch batch) throws InterruptedException {
    var pause = RETRY_FIRST;
    while (true) {
      try {
        send.accept(batch);
        return;
      } catch (RuntimeException e) {
        if (pause.equals(RETRY_FIRST)) {
          log.atWarn()
              .addKeyValue("events", batch.events().size())
              .addKeyValue("reason", e.toString())
              .log("refusals wait until the Auth Service takes them");
        }
        long millis = pause.toMillis() / 2;
        if (closing.await(millis + jitter.nextLong(millis + 1), TimeUnit.MILLISECONDS)) {
          log.atWarn()
              .addKeyValue("events", batch.events().size() + waiting.size())
              .log("refusals could not be recorded before the Proxy stopped");
          waiting.clear();
          return;
        }
        var longer = pause.multipliedBy(2);
        pause = longer.compareTo(RETRY_LAST) < 0 ? longer : RETRY_LAST;
      }
    }
  }

  /// Sends what waits, once more if it must, and stops.
  @Override
  public void close() {
    closing.countDown();
    var running = sender;
    if (running != null) {
      try {
        running.join(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      running.interrupt();
    }
  }
}
