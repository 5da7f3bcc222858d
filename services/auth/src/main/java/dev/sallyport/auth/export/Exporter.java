package dev.sallyport.auth.export;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.Stored;
import dev.sallyport.control.AuditState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies records to one place, on a thread of its own, in the order in which they came. How far it
/// is stands in the store, and moves on only when the place has what was put. After a failure it
/// tries again, later each time up to a minute.
final class Exporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Exporter.class);
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final Duration PAUSE_FIRST = Duration.ofMillis(500);
  private static final Duration PAUSE_MAX = Duration.ofMinutes(1);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
  private static final int LINGER_STEPS = 6;
  private static final int ERROR_MAX = 300;

  private final AuditStore store;
  private final String name;
  private final ExportSink sink;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ReentrantLock putting = new ReentrantLock();
  private final Thread thread;
  private volatile @Nullable String error;
  private Duration pause = PAUSE_FIRST;

  /// @param name under which the store knows it
  Exporter(
      AuditStore store, String name, ExportSink sink, InstantSource clock, RandomGenerator random) {
    this.store = store;
    this.name = name;
    this.sink = sink;
    this.clock = clock;
    this.random = random;
    this.thread = Thread.ofVirtual().name("sallyport-export-" + name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  String name() {
    return name;
  }

  /// How far it is.
  AuditState.Export state() throws AuditUnavailable {
    var kept = store.bookmark(name);
    var waiting = store.after(kept.position(), 1, 1);
    var behind =
        waiting.isEmpty()
            ? Duration.ZERO
            : Duration.between(waiting.getFirst().came(), clock.instant());
    var lag = waiting.isEmpty() ? 0 : store.position() - waiting.getFirst().position() + 1;
    return new AuditState.Export(
        name,
        sink.target(),
        kept.position(),
        lag,
        behind.isNegative() ? Duration.ZERO : behind,
        kept.lost(),
        Optional.ofNullable(error));
  }

  private void run() {
    while (closing.getCount() > 0) {
      try {
        copy(sink.pace().linger());
      } catch (InterruptedException e) {
        // It is being closed.
        break;
      } catch (IOException | AuditUnavailable | RuntimeException e) {
        rest(e);
      }
    }
    finish();
  }

  /// What is waiting goes out before the end, while that works and time is left.
  private void finish() {
    // The interrupt was only to end the waiting; another one ends this.
    var _ = Thread.interrupted();
    try {
      while (copy(Duration.ZERO)) {}
    } catch (IOException | AuditUnavailable | InterruptedException | RuntimeException e) {
      LOG.atInfo().addKeyValue("export", name).log("the rest is exported after the next start");
    }
    sink.close();
  }

  /// Copies a batch, or waits for something to copy.
  ///
  /// @return whether it copied something
  private boolean copy(Duration linger) throws IOException, AuditUnavailable, InterruptedException {
    var pace = sink.pace();
    var last = closing.getCount() == 0;
    var position = store.bookmark(name).position();
    var newest = store.awaitBeyond(position, last ? Duration.ZERO : IDLE);
    if (newest <= position) {
      return false;
    }
    var batch = store.after(position, pace.records(), pace.characters());
    if (batch.isEmpty()) {
      // Retention took them all.
      store.bookmark(name, newest);
      return true;
    }
    var whole = batch.getLast().position() < store.position();
    var wait = lingering(batch.getFirst(), linger);
    if (!whole && wait.isPositive()) {
      closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
      return false;
    }
    put(batch);
    return true;
  }

  private void put(List<Stored> batch) throws IOException, AuditUnavailable, InterruptedException {
    putting.lockInterruptibly();
    try {
      var events = batch.stream().filter(record -> !record.setAside()).toList();
      if (!events.isEmpty()) {
        sink.put(events);
      }
      store.bookmark(name, batch.getLast().position());
    } finally {
      putting.unlock();
    }
    if (error != null) {
      LOG.atInfo().addKeyValue("export", name).log("the export goes on");
      error = null;
    }
    pause = PAUSE_FIRST;
  }

  /// How long to wait for more; nothing when the first record waited enough, or by a clock that was
  /// set back.
  private Duration lingering(Stored first, Duration linger) {
    Instant now = clock.instant();
    var waited = Duration.between(first.came(), now);
    if (waited.isNegative() || waited.compareTo(linger) >= 0) {
      return Duration.ZERO;
    }
    var left = linger.minus(waited);
    var step = linger.dividedBy(LINGER_STEPS).plusMillis(1);
    return left.compareTo(step) < 0 ? left : step;
  }

  private void rest(Exception e) {
    var text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    var told = text.length() > ERROR_MAX ? text.substring(0, ERROR_MAX) : text;
    if (!told.equals(error) && closing.getCount() > 0) {
      error = told;
      LOG.atWarn()
          .addKeyValue("export", name)
          .addKeyValue("target", sink.target())
          .addKeyValue("reason", told)
          .log("records can't be exported now; they wait in the audit store");
    }
    var millis = pause.toMillis();
    var doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(PAUSE_MAX) < 0 ? doubled : PAUSE_MAX;
    try {
      var _ = closing.await(millis / 2 + random.nextLong(millis / 2 + 1), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Puts out what is waiting, for a short time; the rest follows after the next start.
  @Override
  public void close() {
    closing.countDown();
    if (!thread.isAlive() && thread.getState() == Thread.State.NEW) {
      sink.close();
      return;
    }
    var interrupted = false;
    try {
      // Not in the midst of a batch, which would then be put twice.
      if (putting.tryLock(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          thread.interrupt();
        } finally {
          putting.unlock();
        }
      }
      if (!thread.join(CLOSE_MAX)) {
        thread.interrupt();
        thread.join(CLOSE_MAX);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
