package dev.sallyport.auth.state;

import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Where Proxies said that clients reach them, one address for each, as long as they say so.
public final class ProxyState {
  private final StateStore store;

  /// @param since when the Proxy was first heard without a break
  private record Place(String address, Instant since) {}

  public ProxyState(StateStore store) {
    this.store = store;
  }

  /// Keeps the address of a Proxy in place of the one before.
  public void put(String hostId, String address, Instant now, Instant expires) {
    var key = Keys.proxy(hostId);
    var since =
        store.get(key).map(item -> StateJson.read(item.value(), Place.class).since()).orElse(now);
    store.commit(
        List.of(
            Write.put(
                key, StateJson.write(new Place(address, since)), Condition.always(), expires)));
  }

  /// That of the Proxy which was there first: another one that comes changes nothing.
  public Optional<String> first() {
    return store.all(Keys.PROXIES).stream()
        .map(item -> StateJson.read(item.value(), Place.class))
        .min(Comparator.comparing(Place::since))
        .map(Place::address);
  }
}
