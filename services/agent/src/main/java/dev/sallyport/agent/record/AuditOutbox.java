package dev.sallyport.agent.record;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.AuditSink;
import dev.sallyport.audit.AuditUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Takes events without waiting, puts them into the local log in their order, then sends them to
/// Auth in batches until it has them.
///
/// Two bounded queues, each emptied by a virtual thread of its own. While Auth is away the second
/// one fills, then the first; when that is full, or the local log cannot be written, the outbox
/// refuses and with it the agent refuses requests: nothing is done without a record. Safe for any
/// thread. Whoever starts it closes it.
public final class AuditOutbox implements AuditSink, AutoCloseable {
  private static final int CAPACITY = 16_384;
  private static final int BATCH = 200;
  private static final Duration RETRY_FIRST = Duration.ofMillis(100);
  private static final Duration RETRY_LAST = Duration.ofSeconds(1);
  private static final Duration LOCAL_RETRY = Duration.ofMillis(200);
  private static final Logger LOG = LoggerFactory.getLogger(AuditOutbox.class);

  private final AuditSink local;
  private final AuditShipment shipment;
  private final BlockingQueue<AuditEvent> toWrite = new ArrayBlockingQueue<>(CAPACITY);
  private final BlockingQueue<JsonNode> toShip = new ArrayBlockingQueue<>(CAPACITY);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch abandoned = new CountDownLatch(1);
  private final Thread writer;
  private final Thread shipper;
  private volatile @Nullable AuditUnavailable localFailure;
  private volatile boolean written;

  /// @param local the log on this host
  /// @param shipment the way to Auth
  public AuditOutbox(AuditSink local, AuditShipment shipment) {
    this.local = local;
    this.shipment = shipment;
    this.writer = Thread.ofVirtual().name("sallyport-audit-log").unstarted(this::writeAll);
    this.shipper = Thread.ofVirtual().name("sallyport-audit-ship").unstarted(this::shipAll);
  }

  /// Begins to write and to send.
  public void start() {
    writer.start();
    shipper.start();
  }

  @Override
  public void append(AuditEvent event) throws AuditUnavailable {
    if (closing.getCount() == 0 || !toWrite.offer(event)) {
      throw new AuditUnavailable(
          closing.getCount() == 0
              ? "the agent is stopping"
              : "audit events wait for Auth and " + CAPACITY + " are the most that may");
    }
  }

  @Override
  public void ready() throws AuditUnavailable {
    var failure = localFailure;
    if (failure != null) {
      throw new AuditUnavailable("the local audit log cannot be written", failure);
    }
    if (toWrite.remainingCapacity() < CAPACITY / 8) {
      throw new AuditUnavailable("too many audit events wait to be sent to Auth");
    }
  }

  /// Takes no more, writes what is there, and gives Auth this long to take it. What it does not
  /// take stays in the local log.
  public void close(Duration patience) {
    closing.countDown();
    try {
      writer.join(patience);
      shipper.join(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    abandoned.countDown();
    writer.interrupt();
    shipper.interrupt();
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(2));
  }

  private void writeAll() {
    try {
      while (closing.getCount() > 0 || !toWrite.isEmpty()) {
        var event = toWrite.poll(100, TimeUnit.MILLISECONDS);
        if (event != null) {
          write(event);
          toShip.put(AuditJson.toJson(event));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      written = true;
    }
  }

  private void write(AuditEvent event) throws InterruptedException {
    while (true) {
      try {
        local.append(event);
        localFailure = null;
        return;
      } catch (AuditUnavailable e) {
        if (localFailure == null) {
          LOG.atError().setCause(e).log("Requests are refused until the audit log can be written");
        }
        localFailure = e;
        if (closing.await(LOCAL_RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    }
  }

  private void shipAll() {
    var batch = new ArrayList<JsonNode>(BATCH);
    try {
      while (!written || !toShip.isEmpty()) {
        var first = toShip.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          toShip.drainTo(batch, BATCH - 1);
          ship(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ship(List<JsonNode> batch) throws InterruptedException {
    var pause = RETRY_FIRST;
    while (true) {
      try {
        shipment.send(List.copyOf(batch));
        return;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        if (pause.equals(RETRY_FIRST)) {
          LOG.atWarn()
              .addKeyValue("events", batch.size())
              .addKeyValue("cause", e.toString())
              .log("Audit events wait until Auth takes them");
        }
        long jittered =
            pause.toMillis() / 2 + ThreadLocalRandom.current().nextLong(pause.toMillis() / 2 + 1);
        if (abandoned.await(jittered, TimeUnit.MILLISECONDS)) {
          return;
        }
        pause =
            pause.multipliedBy(2).compareTo(RETRY_LAST) < 0 ? pause.multipliedBy(2) : RETRY_LAST;
      }
    }
  }
}
