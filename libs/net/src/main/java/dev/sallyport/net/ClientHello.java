package dev.sallyport.net;

import java.util.List;
import java.util.Optional;

/// What a TLS client asks for before anything is encrypted. Nothing in it is proven: it chooses a
/// door, and the door checks.
///
/// @param sni the host name asked for, in lower case
/// @param alpn the protocols offered, in the client's order
public record ClientHello(Optional<String> sni, List<String> alpn) {
  /// Copies the list.
  public ClientHello {
    alpn = List.copyOf(alpn);
  }

  /// Whether the client offers this protocol.
  public boolean offers(String protocol) {
    return alpn.contains(protocol);
  }
}
