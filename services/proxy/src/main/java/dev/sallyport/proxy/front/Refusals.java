package dev.sallyport.proxy.front;

import dev.sallyport.pki.PeerRefused;
import java.net.SocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// Hears of everybody who could not prove at a door who they are. Called on event loops: must not
/// wait.
@FunctionalInterface
public interface Refusals {
  /// Somebody was turned away.
  ///
  /// @param door which door
  /// @param peer where they came from
  /// @param reason what was wrong with what they showed; no secret
  void refused(String door, SocketAddress peer, String reason);

  /// Why a handshake that failed with `cause` proved nobody; nothing when the peer only went away
  /// or was silent.
  static Optional<String> reason(Throwable cause) {
    var refused = PeerRefused.in(cause);
    if (refused.isPresent()) {
      return Optional.of("certificate refused: " + refused.get().getMessage());
    }
    return cause instanceof SSLException && !(cause.getCause() instanceof java.io.IOException)
        ? Optional.of("the TLS handshake failed: " + cause.getMessage())
        : Optional.empty();
  }
}
