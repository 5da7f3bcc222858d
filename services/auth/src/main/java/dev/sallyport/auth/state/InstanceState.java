package dev.sallyport.auth.state;

import dev.sallyport.model.SystemRole;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Which EC2 instances have joined. They are kept for good: an instance joins once. Since an answer
/// may be lost on its way, the holder of the key that joined may ask again for a short time.
public final class InstanceState {
  /// How long.
  public static final Duration REPEAT_WITHIN = Duration.ofMinutes(10);

  private final StateStore store;

  /// Who on an instance.
  ///
  /// @param key that is to be certified
  public record Claimant(SystemRole role, PublicKey key) {
    private String hash() {
      return Keys.hash(key.getEncoded());
    }
  }

  /// @param role and
  /// @param key the hash of the key; absent where it was not kept yet
  private record Claimed(Instant at, Optional<String> role, Optional<String> key) {
    boolean by(Claimant one, Instant now) {
      return role.filter(one.role().wireName()::equals).isPresent()
          && key.filter(one.hash()::equals).isPresent()
          && now.isBefore(at.plus(REPEAT_WITHIN));
    }
  }

  public InstanceState(StateStore store) {
    this.store = store;
  }

  /// Whether this claimant joined a short time ago.
  public boolean mayRepeat(String account, String instanceId, Claimant claimant, Instant now) {
    return store
        .get(Keys.instance(account, instanceId))
        .map(item -> StateJson.read(item.value(), Claimed.class))
        .filter(claimed -> claimed.by(claimant, now))
        .isPresent();
  }

  /// Puts on record that an instance joins.
  ///
  /// @return whether it is the first time
  public boolean claim(String account, String instanceId, Claimant claimant, Instant now) {
    var claimed =
        new Claimed(now, Optional.of(claimant.role().wireName()), Optional.of(claimant.hash()));
    var result =
        store.put(Keys.instance(account, instanceId), StateJson.write(claimed), Condition.absent());
    return result instanceof CommitResult.Committed;
  }
}
