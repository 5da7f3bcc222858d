package dev.sallyport.auth.api;

import dev.sallyport.auth.access.Peers;
import dev.sallyport.control.ControlException;
import dev.sallyport.pki.ClientAddressProof;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedHost;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory.ProxyEndPoint;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// What a connection to the Auth Service goes through before HTTP: where a Proxy passes it on, a
/// PROXY header with a [ClientAddressProof]; then TLS 1.3 with a client certificate.
///
/// @param identity of this host in the role Auth; asked for at each handshake
record AuthListener(
    Supplier<TlsIdentity> identity,
    IdentityVerifier verifier,
    Peers peers,
    StrangerLog strangers,
    AuthPatience patience,
    InstantSource clock) {
  private static final int HEADER_BYTES_MAX = 16 * 1024;
  // Two IPv6 addresses and ports, and the head of the extension.
  private static final int PROXY_HEADER_BYTES_MAX = ClientAddressProof.MAX_BYTES + 64;

  Connector connector(Server server, HttpConfiguration http, InetSocketAddress address) {
    http.setRequestHeaderSize(HEADER_BYTES_MAX);
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    // A bare line feed ends no line.
    http.setHttpCompliance(HttpCompliance.STRICT);
    var customizer = new SecureRequestCustomizer();
    customizer.setSniHostCheck(false);
    http.addCustomizer(customizer);
    var plain = new HttpConnectionFactory(http);
    var tls = new ProvenConnections(tls(), plain.getProtocol());
    var passedOn = new ProxyConnectionFactory(tls.getProtocol());
    passedOn.setMaxProxyHeader(PROXY_HEADER_BYTES_MAX);
    var connector =
        new ServerConnector(
            server, new DetectorConnectionFactory(tls, passedOn), passedOn, tls, plain);
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(patience.silence().toMillis());
    return connector;
  }

  private SslContextFactory.Server tls() {
    var factory = new ProtocolFactory();
    factory.setSslContext(context(identity, new ClientTrust(verifier, strangers)));
    factory.setNeedClientAuth(true);
    factory.setIncludeProtocols("TLSv1.3");
    return factory;
  }

  private static SSLContext context(Supplier<TlsIdentity> identity, TrustManager clients) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {new ListenerKey(identity)}, new TrustManager[] {clients}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java can't do TLS with our keys", e);
    }
  }

  /// Why the address that a PROXY header tells is not to be believed.
  private Optional<String> doubt(ProxyEndPoint passedOn) {
    var proof = passedOn.getTLV(ClientAddressProof.TLV);
    if (proof == null || !(passedOn.getRemoteSocketAddress() instanceof InetSocketAddress client)) {
      return Optional.of("a PROXY header without the proof of a Proxy of this cluster");
    }
    return switch (ClientAddressProof.check(proof, client, verifier, clock)) {
      case Verification.Refused<VerifiedHost>(String reason) -> Optional.of(reason);
      case Verification.Verified<VerifiedHost>(VerifiedHost proxy) -> {
        try {
          peers.record(proxy);
          yield Optional.empty();
        } catch (ControlException e) {
          yield Optional.of(e.reason());
        }
      }
    };
  }

  /// Closes connections whose PROXY header is not a Proxy's.
  private final class ProvenConnections extends SslConnectionFactory {
    private ProvenConnections(SslContextFactory.Server factory, String next) {
      super(factory, next);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
      if (endPoint instanceof ProxyEndPoint passedOn) {
        doubt(passedOn)
            .ifPresent(reason -> {
              strangers.refused(address(passedOn.unwrap()), reason);
              // Jetty closes the connection.
              throw new IllegalStateException(reason);
            });
      }
      return super.newConnection(connector, endPoint);
    }

    private static String address(EndPoint endPoint) {
      return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress real
          ? real.getAddress().getHostAddress()
          : "";
    }
  }

  /// Answers only clients that ask for our protocol.
  private static final class ProtocolFactory extends SslContextFactory.Server {
    @Override
    public void customize(SSLEngine engine) {
      super.customize(engine);
      engine.setHandshakeApplicationProtocolSelector(
          (_, offered) -> offered.contains(AuthServer.PROTOCOL) ? AuthServer.PROTOCOL : null);
    }
  }
}
