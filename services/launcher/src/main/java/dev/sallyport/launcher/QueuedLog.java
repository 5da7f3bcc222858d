package dev.sallyport.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.event.KeyValuePair;

/// Writes log lines on a thread of its own, so that nobody who logs waits for a disk or a pipe, and
/// no event loop waits at all: taking a line needs no lock. So many lines may wait; those beyond
/// are dropped, and as soon as there is room a line tells how many. Lines from WARN on have room
/// beyond that, since one of them is worth more than many others.
///
/// Stopping it writes what waits, for five seconds at most.
final class QueuedLog extends UnsynchronizedAppenderBase<ILoggingEvent> {
  /// How many lines wait at most.
  static final int WAITING_MAX = 8192;

  /// How many lines from WARN on may wait besides.
  static final int URGENT_MAX = 1024;

  private static final Duration FLUSH_WITHIN = Duration.ofSeconds(5);

  /// Looks for lines that often even if nobody wakes it.
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  private final Appender<ILoggingEvent> out;
  private final Logger own;
  private final boolean callers;
  private final Queue<ILoggingEvent> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger length = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final Thread writer;
  private volatile boolean stopping;

  /// @param out that is started; ended with this
  /// @param own whose line tells of lost ones
  /// @param callers whether lines tell where in the code they come from
  QueuedLog(Appender<ILoggingEvent> out, Logger own, boolean callers) {
    this.out = out;
    this.own = own;
    this.callers = callers;
    this.writer = Thread.ofPlatform().name("sallyport-log").daemon().unstarted(this::write);
  }

  @Override
  public void start() {
    super.start();
    writer.start();
  }

  @Override
  protected void append(ILoggingEvent line) {
    // Here, where the thread and what it logs are still as they were.
    line.prepareForDeferredProcessing();
    if (callers) {
      var _ = line.getCallerData();
    }
    var most =
        line.getLevel().isGreaterOrEqual(Level.WARN) ? WAITING_MAX + URGENT_MAX : WAITING_MAX;
    if (length.incrementAndGet() > most) {
      length.decrementAndGet();
      dropped.incrementAndGet();
      return;
    }
    waiting.add(line);
    LockSupport.unpark(writer);
  }

  private void write() {
    while (true) {
      var last = stopping;
      for (var line = waiting.poll(); line != null; line = waiting.poll()) {
        length.decrementAndGet();
        out.doAppend(line);
        declareLosses();
      }
      declareLosses();
      if (last) {
        return;
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  private void declareLosses() {
    var lost = dropped.getAndSet(0);
    if (lost > 0) {
      var line =
          new LoggingEvent(
              QueuedLog.class.getName(),
              own,
              Level.WARN,
              "log lines were dropped, since they could not be written as fast as they came",
              null,
              null);
      line.addKeyValuePair(new KeyValuePair("lines", lost));
      out.doAppend(line);
    }
  }

  /// How many lines wait.
  int waiting() {
    return length.get();
  }

  @Override
  public void stop() {
    if (!isStarted()) {
      return;
    }
    super.stop();
    stopping = true;
    LockSupport.unpark(writer);
    try {
      var _ = writer.join(FLUSH_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.stop();
  }
}
