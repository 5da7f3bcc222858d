package dev.sallyport.auth.api;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.control.ControlException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes down who was turned away before they proved anything: at most ten a second, so that
/// strangers can't fill the log. Safe from any thread.
final class StrangerLog {
  private static final Logger LOG = LoggerFactory.getLogger(StrangerLog.class);
  private static final int AUDITED_PER_SECOND = 10;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final AuditTrail audit;
  private final Object lock = new Object();
  private long windowStart = System.nanoTime();
  private int audited;

  StrangerLog(AuditTrail audit) {
    this.audit = audit;
  }

  /// The refusal stands even when it can't be written down.
  ///
  /// @param address where the stranger is
  void refused(String address, String reason) {
    synchronized (lock) {
      var now = System.nanoTime();
      if (now - windowStart >= SECOND) {
        windowStart = now;
        audited = 0;
      }
      if (++audited > AUDITED_PER_SECOND) {
        return;
      }
    }
    try {
      audit.denied("unauthenticated", address, reason);
    } catch (ControlException e) {
      LOG.atError().setCause(e).log("a refusal could not be audited");
    }
  }
}
