package dev.sallyport.net;

import dev.sallyport.pki.TlsIdentity;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509ExtendedTrustManager;

/// Makes the TLS contexts of all channels.
///
/// Between our own parts: TLS 1.3 only. At the web door: 1.2 and up. No session tickets, no
/// resumption, no early data: each connection proves who it is. Verification is wholly the given
/// trust manager's, including the name (Netty's and the JDK's own name check is switched off), so
/// pass one that checks chain, name and role.
public final class TlsContexts {
  private static final String TLS_1_3 = "TLSv1.3";
  private static final String TLS_1_2 = "TLSv1.2";

  /// RFC 8446 §4.6.1 forbids tickets that live longer than seven days, and the JDK then sends none.
  private static final long NO_TICKETS_SECONDS = 7L * 24 * 60 * 60 + 1;

  private TlsContexts() {}

  /// A server between our own parts. With a client trust, a client without an accepted certificate
  /// gets no connection.
  public static SslContext server(
      TlsIdentity identity,
      Optional<X509ExtendedTrustManager> clientTrust,
      List<String> alpn,
      TlsProvider provider) {
    return build(serverBuilder(identity, clientTrust, alpn, provider).protocols(TLS_1_3));
  }

  /// The web door: TLS 1.2 and up, no client certificate.
  public static SslContext webServer(
      TlsIdentity identity, List<String> alpn, TlsProvider provider) {
    return build(
        serverBuilder(identity, Optional.empty(), alpn, provider).protocols(TLS_1_3, TLS_1_2));
  }

  /// A client between our own parts; without an identity it shows no certificate.
  public static SslContext client(
      Optional<TlsIdentity> identity,
      X509ExtendedTrustManager trust,
      List<String> alpn,
      TlsProvider provider) {
    return build(clientBuilder(identity, trust, alpn, provider).protocols(TLS_1_3));
  }

  /// A client of other people's servers, TLS 1.2 and up. The trust manager must check the host
  /// name.
  public static SslContext webClient(
      X509ExtendedTrustManager trust, List<String> alpn, TlsProvider provider) {
    return build(
        clientBuilder(Optional.empty(), trust, alpn, provider).protocols(TLS_1_3, TLS_1_2));
  }

  /// The certificates that the peer showed, leaf first; empty when it showed none.
  public static List<X509Certificate> peerChain(SslHandler tls) {
    try {
      var chain = new ArrayList<X509Certificate>();
      for (var certificate : tls.engine().getSession().getPeerCertificates()) {
        if (!(certificate instanceof X509Certificate x509)) {
          return List.of();
        }
        chain.add(x509);
      }
      return List.copyOf(chain);
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
  }

  /// Whether the handshake that just ended chose this protocol over TLS 1.3: what every connection
  /// between our own parts must have.
  public static boolean negotiated(SslHandler tls, String protocol) {
    return protocol.equals(tls.applicationProtocol())
        && TLS_1_3.equals(tls.engine().getSession().getProtocol());
  }

  private static SslContextBuilder serverBuilder(
      TlsIdentity identity,
      Optional<X509ExtendedTrustManager> clientTrust,
      List<String> alpn,
      TlsProvider provider) {
    var builder =
        SslContextBuilder.forServer(identity.key(), identity.chain())
            .clientAuth(clientTrust.isPresent() ? ClientAuth.REQUIRE : ClientAuth.NONE);
    clientTrust.ifPresent(judge ->
        builder.trustManager(provider == TlsProvider.JDK ? judge : new TellingTrust(judge)));
    return common(builder, alpn, provider);
  }

  private static SslContextBuilder clientBuilder(
      Optional<TlsIdentity> identity,
      X509ExtendedTrustManager trust,
      List<String> alpn,
      TlsProvider provider) {
    var builder =
        SslContextBuilder.forClient().trustManager(trust).endpointIdentificationAlgorithm(null);
    identity.ifPresent(mine -> builder.keyManager(mine.key(), mine.chain()));
    return common(builder, alpn, provider);
  }

  private static SslContextBuilder common(
      SslContextBuilder builder, List<String> alpn, TlsProvider provider) {
    builder.sslProvider(provider.netty()).sessionTimeout(NO_TICKETS_SECONDS).sessionCacheSize(1);
    if (!alpn.isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              alpn));
    }
    return builder;
  }

  private static SslContext build(SslContextBuilder builder) {
    try {
      var context = builder.build();
      if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
        sessions.setSessionCacheEnabled(false);
      }
      return context;
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS context: " + e.getMessage(), e);
    }
  }
}
