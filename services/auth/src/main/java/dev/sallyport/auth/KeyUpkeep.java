package dev.sallyport.auth;

import dev.sallyport.auth.rotation.Rotations;
import dev.sallyport.control.ControlException;
import dev.sallyport.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the steps of rotations that are due and replaces the Auth Service's own certificates, once
/// a second; and the certificates at once after each step, before the one who asked for it is
/// answered.
final class KeyUpkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyUpkeep.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Rotations rotations;
  private final OwnCertificates own;
  private final ScheduledExecutorService executor;

  KeyUpkeep(Rotations rotations, OwnCertificates own) {
    this.rotations = rotations;
    this.own = own;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sallyport-auth-keys").daemon().factory());
  }

  void start() {
    rotations.whenStepped(this::lookAfterOwn);
    var _ =
        executor.scheduleWithFixedDelay(
            this::round, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Waits for a running round.
  @Override
  public void close() {
    executor.shutdown();
    executor.close();
  }

  private void round() {
    try {
      rotations.advance();
    } catch (ControlException | StoreException e) {
      LOG.atError().setCause(e).log("a rotation's next step could not be taken; trying again");
    }
    lookAfterOwn();
  }

  private void lookAfterOwn() {
    try {
      own.look();
    } catch (IOException | StoreException e) {
      LOG.atError().setCause(e).log("the Auth Service's own certificates could not be replaced");
    }
  }
}
