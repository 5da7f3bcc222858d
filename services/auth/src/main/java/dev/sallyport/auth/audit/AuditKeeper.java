package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.ChainNames;
import dev.sallyport.audit.store.KeptCheckpoint;
import dev.sallyport.audit.store.Retention;
import dev.sallyport.audit.store.Stored;
import dev.sallyport.auth.export.Exporters;
import dev.sallyport.control.AuditState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after the audit store: delivers what a crash left between state and store, signs Auth's
/// own chain and notes how far all have come, and drops what is old. Each round does a bounded
/// piece of work.
public final class AuditKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditKeeper.class);
  private static final Duration EVERY = Duration.ofSeconds(5);

  /// Most records that retention drops in one commit.
  public static final int DROPPED_MAX = 5_000;

  /// Most commits of retention in one round: faster than agents can fill the store.
  private static final int DROPS_MAX = 20;

  private final AuditArchive archive;
  private final AuditTrail trail;
  private final ChainWitness witness;
  private final Retention retention;
  private final Exporters exporters;
  private final InstantSource clock;
  private final ScheduledExecutorService executor;
  // These belong to the rounds.
  private final Map<String, Long> signed = new HashMap<>();
  private final Set<String> behind = new HashSet<>();
  private final RetentionPace pace;
  private boolean toldOfAge;

  public AuditKeeper(
      AuditArchive archive,
      AuditTrail trail,
      ChainWitness witness,
      Retention retention,
      Exporters exporters,
      InstantSource clock) {
    this.archive = archive;
    this.trail = trail;
    this.witness = witness;
    this.retention = retention;
    this.pace = new RetentionPace(retention.age());
    this.exporters = exporters;
    this.clock = clock;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sallyport-auth-audit").daemon().factory());
  }

  /// Delivers what a crash left, puts on record when the store is not the one that was left, and
  /// begins its rounds.
  ///
  /// @param own the host's identity in the role Auth, which signs its chain; asked for each time
  public void start(Supplier<TlsIdentity> own) throws AuditUnavailable {
    trail.deliverPending();
    tellBehind();
    var _ =
        executor.scheduleWithFixedDelay(
            () -> round(own), EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Each chain is told of once, until the next start.
  private void tellBehind() throws AuditUnavailable {
    for (var head : witness.behind(archive.store())) {
      if (!behind.add(head.chain())) {
        continue;
      }
      LOG.atError()
          .addKeyValue("chain", head.chain())
          .addKeyValue("last", head.last())
          .log("the audit store lacks records that it had: cut off, or an old copy put back");
      var noted = witness.of(head.chain()).map(found -> found.sequence()).orElse(head.last());
      trail.notices().rolledBack(head.chain(), head.last(), noted);
    }
  }

  /// How the store is.
  public AuditState state() {
    try {
      var store = archive.store();
      return new AuditState(
          store.position(),
          store.bytes(),
          store.chains().size(),
          retention.age(),
          retention.bytes(),
          store.setAside(),
          exporters.states());
    } catch (AuditUnavailable e) {
      throw new ControlException(
          ErrorKind.UNAVAILABLE, "the audit log can't be read now, see Auth's log", e);
    }
  }

  /// Waits for a running round; notes once more how far the chains are.
  @Override
  public void close() {
    executor.shutdown();
    executor.close();
    try {
      witness.note(archive.store());
    } catch (AuditUnavailable | StoreException e) {
      LOG.atWarn().setCause(e).log("how far the audit log has come could not be noted");
    }
  }

  /// Whatever goes wrong, the next round comes.
  private void round(Supplier<TlsIdentity> own) {
    try {
      trail.deliverPending();
      tellBehind();
      retain();
      sign(own.get());
      witness.note(archive.store());
    } catch (AuditUnavailable | RuntimeException e) {
      LOG.atError().setCause(e).log("the audit store could not be looked after");
    }
  }

  /// A crash between the drop and its notes leaves a chain that lacks its beginning for
  /// verification: rather one alarm too many.
  private void retain() throws AuditUnavailable {
    AuditStore store = archive.store();
    var now = ageBy(store);
    for (var i = 0; i < DROPS_MAX; i++) {
      var dropped = store.retain(retention, now, DROPPED_MAX, exporters.names());
      for (var edge : dropped.edges()) {
        witness.dropped(edge);
        trail.notices().dropped(edge.chain(), edge.first() - 1, dropped.records());
      }
      dropped.unread().forEach(trail.notices()::unexported);
      if (dropped.records() < DROPPED_MAX) {
        return;
      }
    }
  }

  private Instant ageBy(AuditStore store) throws AuditUnavailable {
    var now = clock.instant();
    var oldest = store.after(0, 1, 1).stream().map(Stored::came).findFirst().orElse(now);
    var far = pace.isBehind(now, oldest);
    if (far && !toldOfAge) {
      LOG.atError()
          .addKeyValue("oldest", oldest)
          .addKeyValue("now", now)
          .log(
              "audit records are far older than keep_for: unless Auth was away for long or keep_for"
                  + " was lowered, its clock is wrong; they are dropped slowly");
    }
    toldOfAge = far;
    return pace.judged(now, oldest);
  }

  /// Auth's own chain, and those of hosts that do not sign themselves. Signs what this process put
  /// there, not what the file says meanwhile.
  private void sign(TlsIdentity own) throws AuditUnavailable {
    sign(own, archive.own());
    for (var head : archive.store().chains()) {
      var chain = ChainNames.parse(head.chain());
      if (chain.isReported()) {
        sign(own, archive.reportedBy(chain.agent()));
      }
    }
  }

  private void sign(TlsIdentity own, KeptChain chain) throws AuditUnavailable {
    var link = chain.link();
    var name = link.chain().toString();
    if (link.sequence() <= signed.getOrDefault(name, 0L) || behind.contains(name)) {
      return;
    }
    var checkpoint = Checkpoint.sign(link, clock.instant(), own.key(), own.leaf());
    archive
        .store()
        .checkpoint(new KeptCheckpoint(name, link.sequence(), ControlJson.text(checkpoint)));
    signed.put(name, link.sequence());
  }
}
