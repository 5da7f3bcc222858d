package dev.sallyport.control.host;

import dev.sallyport.model.Secret;
import java.io.IOException;

/// Where the token for joining is: in the configuration or in a file. Asked only when the agent has
/// to join, and not again once it was read.
@FunctionalInterface
public interface JoinToken {
  /// Reads it.
  ///
  /// @throws IOException if it cannot be read; the message says where it should be
  Secret read() throws IOException;
}
