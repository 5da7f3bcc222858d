package dev.sallyport.agent.upstream;

import dev.sallyport.agent.signing.Destination;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.SystemTrust;
import io.netty.handler.ssl.SslContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What TLS to each destination is made with, kept for the next connection. Databases come, change
/// and go while an agent runs: beyond [#KEPT_MAX] the one that was not used for longest goes. Safe
/// from any thread.
final class DestinationTls {
  /// More than an agent can serve at a time, with its services.
  static final int KEPT_MAX = 2_048;

  private final SystemTrust trust;
  private final TlsProvider provider;
  private final LinkedHashMap<Destination, SslContext> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Destination, SslContext> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /// @param trust for destinations without authorities of their own
  DestinationTls(SystemTrust trust, TlsProvider provider) {
    this.trust = trust;
    this.provider = provider;
  }

  SslContext of(Destination destination) {
    synchronized (kept) {
      var known = kept.get(destination);
      if (known == null) {
        known = context(destination);
        kept.put(destination, known);
      }
      return known;
    }
  }

  int kept() {
    synchronized (kept) {
      return kept.size();
    }
  }

  private SslContext context(Destination destination) {
    var authorities = destination.caCertPem().map(DestinationTls::only).orElse(trust);
    return TlsContexts.webClient(
        PeerTrust.web(authorities, Optional.empty(), destination.endpoint().host()),
        List.of(),
        provider);
  }

  private static SystemTrust only(String pem) {
    try {
      return SystemTrust.of(Pem.certificates(pem));
    } catch (PemException e) {
      throw new IllegalArgumentException("tls.ca_cert_file: " + e.getMessage(), e);
    }
  }
}
