package dev.sallyport.auth.state;

import dev.sallyport.model.Secret;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.Item;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.util.List;
import java.util.Optional;

/// Open requests of tools for a browser.
public final class ConsoleState {
  /// Most requests that may be open at once.
  public static final int OPEN_MAX = 500;

  /// Most requests that may be open at once from one address, IPv6 by its network of 64 bits, so
  /// that nobody uses up everybody's.
  public static final int OPEN_MAX_OF_ADDRESS = 20;

  private final StateStore store;

  public ConsoleState(StateStore store) {
    this.store = store;
  }

  /// Keeps a request.
  ///
  /// @return false if there are too many
  public boolean open(Secret id, ConsoleRequest request) {
    var open = store.range(Keys.CONSOLES, "", OPEN_MAX);
    if (open.size() >= OPEN_MAX || ofNetwork(open, request.address()) >= OPEN_MAX_OF_ADDRESS) {
      return false;
    }
    var write =
        Write.put(
            Keys.console(id.reveal()),
            StateJson.write(request),
            Condition.absent(),
            request.expires());
    return store.commit(List.of(write)) instanceof CommitResult.Committed;
  }

  private static long ofNetwork(List<Item> open, String address) {
    var network = ClientNetwork.of(address);
    return open.stream()
        .map(item -> StateJson.read(item.value(), ConsoleRequest.class).address())
        .filter(other -> ClientNetwork.of(other).equals(network))
        .count();
  }

  /// The open request of that id.
  public Optional<ConsoleRequest> find(Secret id) {
    return store
        .get(Keys.console(id.reveal()))
        .map(item -> StateJson.read(item.value(), ConsoleRequest.class));
  }

  /// Ends a request: whoever does so first may answer it.
  ///
  /// @return false if somebody else was faster, or it has expired
  public boolean close(Secret id) {
    return store.commit(List.of(new Write.Delete(Keys.console(id.reveal()), Condition.present())))
        instanceof CommitResult.Committed;
  }
}
