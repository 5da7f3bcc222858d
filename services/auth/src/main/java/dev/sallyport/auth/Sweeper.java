package dev.sallyport.auth;

import dev.sallyport.store.StateStore;
import dev.sallyport.store.StoreException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes what has expired, once a second, so that watchers learn of it.
final class Sweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final StateStore store;
  private final ScheduledExecutorService executor;

  Sweeper(StateStore store) {
    this.store = store;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sallyport-auth-sweeper").daemon().factory());
  }

  void start() {
    var _ =
        executor.scheduleWithFixedDelay(
            this::sweep, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Waits for a running sweep.
  @Override
  public void close() {
    executor.shutdown();
    executor.close();
  }

  private void sweep() {
    try {
      store.deleteExpired(StateStore.PAGE_MAX);
    } catch (StoreException e) {
      LOG.atError().setCause(e).log("expired state could not be deleted");
    }
  }
}
