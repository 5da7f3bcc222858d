package dev.sallyport.agent.cluster;

import dev.sallyport.audit.KeyedHash;
import dev.sallyport.model.Secret;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The cluster's key for hashes in records. Auth is asked for it once in each start; until it
/// answers, the key of an earlier start counts. Safe for any thread.
public final class AuditKey implements Supplier<KeyedHash> {
  private static final Logger LOG = LoggerFactory.getLogger(AuditKey.class);

  private final AgentState state;
  private volatile @Nullable KeyedHash hash;
  private Optional<Secret> kept;
  private boolean confirmed;

  private AuditKey(AgentState state, Optional<Secret> kept) {
    this.state = state;
    this.kept = kept;
    this.hash = kept.map(KeyedHash::under).orElse(null);
  }

  /// With the key of an earlier start, if there is one.
  ///
  /// @throws IOException if it is there and is no key
  public static AuditKey open(AgentState state) throws IOException {
    try {
      return new AuditKey(state, state.auditKey());
    } catch (IllegalArgumentException e) {
      throw new IOException(state.folder() + ": audit.key is not right: " + e.getMessage(), e);
    }
  }

  /// Whether there is a key. Without one no request may be served: it could not be recorded.
  public boolean isKnown() {
    return hash != null;
  }

  /// Asks Auth, unless it was asked. What it throws goes through.
  ///
  /// @throws IllegalArgumentException if the answer is no key
  public synchronized void confirm(Supplier<Secret> auth) {
    if (confirmed) {
      return;
    }
    var key = auth.get();
    hash = KeyedHash.under(key);
    confirmed = true;
    if (!kept.equals(Optional.of(key))) {
      kept = Optional.of(key);
      try {
        state.saveAuditKey(key);
      } catch (IOException e) {
        LOG.atError().setCause(e).log("The key for hashes in records could not be kept");
      }
    }
  }

  /// Hashes under the key of now.
  ///
  /// @throws IllegalStateException if none is known
  @Override
  public KeyedHash get() {
    var known = hash;
    if (known == null) {
      throw new IllegalStateException("the key for hashes in records is not known yet");
    }
    return known;
  }
}
