package dev.sallyport.auth.state;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.StoreException;
import java.util.Optional;

/// Which hosts belong to the cluster.
public final class HostState {
  private final StateStore store;

  public HostState(StateStore store) {
    this.store = store;
  }

  /// The record of that host in that role.
  public Optional<HostRecord> get(HostIdentity host) {
    return store
        .get(Keys.host(host.hostId(), host.role().wireName()))
        .map(item -> StateJson.read(item.value(), HostRecord.class));
  }

  /// Keeps the record, in place of what was there.
  public void put(HostRecord host) {
    var result =
        store.put(Keys.host(host.hostId(), host.role()), StateJson.write(host), Condition.always());
    if (result instanceof dev.sallyport.store.CommitResult.Conflict) {
      throw new StoreException("an unconditional write was refused");
    }
  }
}
