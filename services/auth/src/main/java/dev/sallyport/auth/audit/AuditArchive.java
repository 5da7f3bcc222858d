package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.ChainHead;
import dev.sallyport.audit.store.ChainNames;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The audit store and the chains that Auth itself adds to: one of what happens here, and one for
/// each host that reports without a journal of its own.
public final class AuditArchive {
  private static final int EPOCH_BYTES = 16;
  private static final int REPORTERS_MAX = 10_000;

  private final AuditStore store;
  private final InstantSource clock;
  private final KeptChain own;
  private final Map<String, KeptChain> reported = new ConcurrentHashMap<>();

  private AuditArchive(AuditStore store, KeptChain own, InstantSource clock) {
    this.store = store;
    this.own = own;
    this.clock = clock;
  }

  /// Goes on with this host's chain, or begins one.
  ///
  /// @param hostId of this Auth Service
  public static AuditArchive open(
      AuditStore store, String hostId, InstantSource clock, SecureRandom random)
      throws AuditUnavailable {
    var prefix = hostId + "/";
    var chain =
        store.chains().stream()
            .map(ChainHead::chain)
            .filter(name -> name.startsWith(prefix))
            .map(ChainNames::parse)
            .filter(found -> found.agent().equals(hostId) && !found.isReported())
            .findFirst()
            .orElseGet(() -> new ChainId(hostId, epoch(random)));
    return new AuditArchive(store, new KeptChain(store, chain, clock), clock);
  }

  /// Where all chains are kept.
  public AuditStore store() {
    return store;
  }

  /// What happens at this Auth Service.
  public KeptChain own() {
    return own;
  }

  /// What a host reports event by event.
  KeptChain reportedBy(String hostId) {
    if (reported.size() >= REPORTERS_MAX) {
      reported.clear();
    }
    return reported.computeIfAbsent(
        hostId, id -> new KeptChain(store, ChainId.reportedBy(id), clock));
  }

  private static String epoch(SecureRandom random) {
    var bytes = new byte[EPOCH_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
