package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.AuditSink;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.chain.ChainHash;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.store.Appended;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.AuditStore.Addition;
import dev.sallyport.audit.store.ChainEntry;
import dev.sallyport.audit.store.ChainHead;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A chain whose records Auth makes itself. An event is on disk when `append` returns. Safe for any
/// thread.
final class KeptChain implements AuditSink {
  private final AuditStore store;
  private final ChainId chain;
  private final InstantSource clock;
  private final Object lock = new Object();
  // Absent while it is not known how far the store has come.
  private @Nullable ChainLink at;

  KeptChain(AuditStore store, ChainId chain, InstantSource clock) {
    this.store = store;
    this.chain = chain;
    this.clock = clock;
  }

  @Override
  public void append(AuditEvent event) throws AuditUnavailable {
    var body = AuditJson.toText(event);
    synchronized (lock) {
      put(body);
    }
  }

  /// Puts an event on record unless it is there.
  ///
  /// @return whether it was not
  boolean appendOnce(AuditEvent event) throws AuditUnavailable {
    var body = AuditJson.toText(event);
    synchronized (lock) {
      if (store.knows(chain, event.header().uid())) {
        return false;
      }
      put(body);
      return true;
    }
  }

  @Override
  public void ready() throws AuditUnavailable {
    store.ready();
  }

  ChainId chain() {
    return chain;
  }

  /// How far it has come.
  ChainLink link() throws AuditUnavailable {
    synchronized (lock) {
      return current();
    }
  }

  /// Puts events on record together with what is added to another chain: all or nothing.
  ///
  /// @return what became of the addition
  Appended appendWith(List<AuditEvent> events, Addition other) throws AuditUnavailable {
    if (events.isEmpty()) {
      return store.append(List.of(other), clock.instant()).getFirst();
    }
    var bodies = events.stream().map(event -> AuditJson.toText(event)).toList();
    synchronized (lock) {
      return put(bodies, Optional.of(other)).getFirst();
    }
  }

  private void put(String body) throws AuditUnavailable {
    var _ = put(List.of(body), Optional.empty());
  }

  private List<Appended> put(List<String> bodies, Optional<Addition> other)
      throws AuditUnavailable {
    var before = current();
    var next = before;
    var entries = new ArrayList<ChainEntry>();
    for (var body : bodies) {
      var previous = next.hash().hex();
      next = next.next(body.getBytes(StandardCharsets.UTF_8));
      entries.add(new ChainEntry(next.sequence(), previous, next.hash().hex(), body));
    }
    var additions = new ArrayList<Addition>();
    other.ifPresent(additions::add);
    additions.add(new Addition(chain, entries, Set.of()));
    at = null;
    var results = store.append(additions, clock.instant());
    if (results.size() < additions.size()) {
      at = before;
    } else if (results.getLast() instanceof Appended.Broken broken) {
      throw new AuditUnavailable(
          "record %d of chain %s: %s".formatted(broken.sequence(), chain, broken.reason()));
    } else {
      at = next;
    }
    return results;
  }

  private ChainLink current() throws AuditUnavailable {
    var known = at;
    if (known == null) {
      var head = store.head(chain.toString()).orElseGet(() -> ChainHead.empty(chain));
      known = new ChainLink(chain, head.last(), ChainHash.parse(head.head()));
      at = known;
    }
    return known;
  }
}
