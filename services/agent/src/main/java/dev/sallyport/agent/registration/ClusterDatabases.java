package dev.sallyport.agent.registration;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the agent follow what the cluster says of databases, on a virtual thread of its own: many
/// changes that come together are one. Whoever starts it closes it.
public final class ClusterDatabases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterDatabases.class);

  private final Follower follower;
  private final Semaphore changed = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().name("sallyport-databases").unstarted(this::run);
  private Set<DatabaseRoster.Skipped> told = Set.of();
  private volatile boolean closed;

  /// Serves what the cluster says now.
  public interface Follower {
    /// @return what is not done of it
    /// @throws RuntimeException if nothing of it could be done
    List<DatabaseRoster.Skipped> follow();
  }

  public ClusterDatabases(Follower follower) {
    this.follower = follower;
  }

  /// Begins, with a first look.
  public ClusterDatabases start() {
    thread.start();
    wake();
    return this;
  }

  /// Something has changed. Never waits.
  public void wake() {
    changed.release();
  }

  private void run() {
    try {
      while (!closed) {
        changed.acquire();
        changed.drainPermits();
        follow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    try {
      var skipped = follower.follow();
      skipped.stream()
          .filter(one -> !told.contains(one))
          .forEach(one ->
              LOG.atWarn()
                  .addKeyValue("database", one.database())
                  .addKeyValue("reason", one.reason())
                  .log("Something of a database of the cluster is not served by this agent"));
      told = new HashSet<>(skipped);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("The databases of the cluster could not be followed");
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
