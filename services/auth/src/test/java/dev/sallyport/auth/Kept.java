package dev.sallyport.auth;

import dev.sallyport.auth.state.Keeping;
import dev.sallyport.store.StateStore;
import java.util.List;

/// What a start makes, without the records of it.
public final class Kept {
  private Kept() {}

  /// Commits to this store.
  public static Keeping in(StateStore store) {
    return (write, _, _) -> {
      var _ = store.commit(List.of(write));
    };
  }
}
