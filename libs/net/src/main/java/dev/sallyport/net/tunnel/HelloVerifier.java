package dev.sallyport.net.tunnel;

import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/// Decides which agents may park connections at this Proxy.
@FunctionalInterface
public interface HelloVerifier {
  /// Judges an agent by the certificates of its connection, which the TLS trust manager accepted,
  /// and by the payload of HELLO. Runs on an event loop and must not wait; an exception counts as a
  /// refusal.
  ///
  /// @param peer where the connection comes from
  HelloVerdict verify(SocketAddress peer, List<X509Certificate> chain, byte[] hello);

  /// Hears of a TLS handshake that failed, so that nobody was proven. Runs on an event loop and
  /// must not wait. Does nothing unless overridden.
  default void tlsFailed(SocketAddress peer, Throwable cause) {}
}
