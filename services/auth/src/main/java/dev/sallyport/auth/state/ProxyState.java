package dev.sallyport.auth.state;

import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import java.util.Optional;

/// Where Proxies said that clients reach them; kept over restarts, one address for each.
public final class ProxyState {
  private final StateStore store;

  private record Place(String address) {}

  public ProxyState(StateStore store) {
    this.store = store;
  }

  /// Keeps the address of a Proxy in place of the one before.
  public void put(String hostId, String address) {
    var key = Keys.proxy(hostId);
    var known = store.get(key).map(item -> StateJson.read(item.value(), Place.class));
    if (known.filter(place -> place.address().equals(address)).isEmpty()) {
      store.put(key, StateJson.write(new Place(address)), Condition.always());
    }
  }

  /// That of the Proxy whose host id comes first.
  public Optional<String> first() {
    return store.all(Keys.PROXIES).stream()
        .findFirst()
        .map(item -> StateJson.read(item.value(), Place.class).address());
  }
}
