package dev.sallyport.auth.state;

import dev.sallyport.model.Secret;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.util.List;
import java.util.Optional;

/// Open requests of tools for a browser.
public final class ConsoleState {
  /// Most requests that may be open at once.
  public static final int OPEN_MAX = 500;

  private final StateStore store;

  public ConsoleState(StateStore store) {
    this.store = store;
  }

  /// Keeps a request.
  ///
  /// @return false if there are too many
  public boolean open(Secret id, ConsoleRequest request) {
    if (store.range(Keys.CONSOLES, "", OPEN_MAX).size() >= OPEN_MAX) {
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
