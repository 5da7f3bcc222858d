package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Events that wait, in the state itself, for their way into the audit store. They are committed
/// with the change that they tell of, so that there is no change without its event and no event
/// without its change, whenever the process dies.
public final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final String PREFIX = "audit/outbox/";

  private final StateStore store;
  private final KeptChain chain;
  private final Object delivering = new Object();
  // Whether something may wait: whatever a crash left, or what could not be delivered since.
  private volatile boolean waiting = true;

  /// @param chain where the events go
  public Outbox(StateStore store, KeptChain chain) {
    this.store = store;
    this.chain = chain;
  }

  /// Commits a change with its events, then delivers them. When only the delivery fails, the events
  /// wait and the change stands.
  CommitResult commit(List<Write> writes, List<AuditEvent> events) {
    // First, so that the commit's revision stays that of the caller's last write.
    var all = new ArrayList<Write>();
    for (var event : events) {
      var value = AuditJson.toText(event);
      all.add(new Write.Put(key(event), value, Condition.absent(), Optional.empty()));
    }
    all.addAll(writes);
    var result = store.commit(all);
    if (result instanceof CommitResult.Committed) {
      synchronized (delivering) {
        for (var event : events) {
          try {
            deliver(event);
          } catch (AuditUnavailable e) {
            waiting = true;
            LOG.atError()
                .addKeyValue("uid", event.header().uid())
                .setCause(e)
                .log("an event waits in the state for the audit store");
          }
        }
      }
    }
    return result;
  }

  /// Delivers what waits, if anything does. What could not be delivered once holds up every further
  /// change until it is.
  ///
  /// @throws AuditUnavailable if it still can't be
  void requireDelivered() throws AuditUnavailable {
    if (waiting) {
      deliverPending();
    }
  }

  /// Delivers what waits, at most a page of it.
  void deliverPending() throws AuditUnavailable {
    synchronized (delivering) {
      waiting = false;
      try {
        deliverPage();
      } catch (AuditUnavailable | RuntimeException e) {
        waiting = true;
        throw e;
      }
    }
  }

  private void deliverPage() throws AuditUnavailable {
    for (var item : store.range(PREFIX, "", StateStore.PAGE_MAX)) {
      try {
        deliver(AuditJson.read(item.value()));
      } catch (InvalidAuditEvent e) {
        // It stays where it is; what waits behind it goes on.
        LOG.atError()
            .addKeyValue("key", item.key())
            .addKeyValue("reason", e.getMessage())
            .log("what waits in the state to be recorded is no event of this version");
      }
    }
  }

  private void deliver(AuditEvent event) throws AuditUnavailable {
    chain.appendOnce(event);
    store.commit(List.of(new Write.Delete(key(event), Condition.always())));
  }

  private static String key(AuditEvent event) {
    return PREFIX + event.header().uid();
  }
}
