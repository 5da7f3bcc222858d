package dev.sallyport.net.tunnel;

import java.security.cert.X509Certificate;
import java.util.List;

/// Decides which agents may park connections at this Proxy.
@FunctionalInterface
public interface HelloVerifier {
  /// Judges an agent by the certificates of its connection, which the TLS trust manager accepted,
  /// and by the payload of HELLO. Runs on an event loop and must not wait; an exception counts as a
  /// refusal.
  HelloVerdict verify(List<X509Certificate> chain, byte[] hello);
}
