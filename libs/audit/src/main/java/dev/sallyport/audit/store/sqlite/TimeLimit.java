package dev.sallyport.audit.store.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.sqlite.SQLiteConnection;

/// Stops statements that take too long. Safe for any thread.
final class TimeLimit implements AutoCloseable {
  private static final long AGAIN_MILLIS = 5;

  private final Duration limit;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("sallyport-audit-limit").factory());

  TimeLimit(Duration limit) {
    this.limit = limit;
    timer.setRemoveOnCancelPolicy(true);
  }

  Duration limit() {
    return limit;
  }

  /// Runs until it is stopped: then its statement fails.
  Watch on(Connection connection) {
    return new Watch(connection);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /// One piece of work on a connection, from its making to its end.
  final class Watch implements AutoCloseable {
    private final Connection connection;
    private final ScheduledFuture<?> alarm;
    private boolean over;
    private boolean stopped;

    private Watch(Connection connection) {
      this.connection = connection;
      // Again and again, since between two statements there is nothing to stop.
      this.alarm =
          timer.scheduleWithFixedDelay(
              this::stop, limit.toMillis(), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Under the lock, so that it never meets the connection's next user.
    private synchronized void stop() {
      if (over) {
        return;
      }
      stopped = true;
      try {
        connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
      } catch (SQLException e) {
        throw new IllegalStateException("a statement cannot be stopped", e);
      }
    }

    /// Whether the time was over.
    synchronized boolean stopped() {
      return stopped;
    }

    @Override
    public synchronized void close() {
      over = true;
      alarm.cancel(false);
    }
  }
}
