package dev.sallyport.auth.state;

import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import java.time.Instant;

/// Which EC2 instances have joined. They are kept for good: an instance joins once.
public final class InstanceState {
  private final StateStore store;

  private record Claimed(Instant at) {}

  public InstanceState(StateStore store) {
    this.store = store;
  }

  /// Puts on record that an instance joins.
  ///
  /// @return whether it is the first time
  public boolean claim(String account, String instanceId, Instant now) {
    var result =
        store.put(
            Keys.instance(account, instanceId),
            StateJson.write(new Claimed(now)),
            Condition.absent());
    return result instanceof CommitResult.Committed;
  }
}
