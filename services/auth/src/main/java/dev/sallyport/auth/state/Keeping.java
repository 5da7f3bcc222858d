package dev.sallyport.auth.state;

import dev.sallyport.model.Resource;
import dev.sallyport.store.Write;
import java.util.Optional;

/// Keeps what the Auth Service makes or changes by itself at its start, together with the audit
/// event that tells of it.
@FunctionalInterface
public interface Keeping {
  /// Commits the write and the event, both or neither; neither when the write's condition fails,
  /// since then somebody else was there first.
  ///
  /// @param before the resource as it was; empty when it is made
  /// @param after as it is written
  void commit(Write write, Optional<? extends Resource> before, Resource after);
}
