package dev.sallyport.control.route;

import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.pki.PeerTrust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// Finds out whether a Proxy's TLS reaches us: only the Proxy agrees to a protocol of its own, and
/// whoever ends TLS before it does not know that one. Nothing but the handshake is sent, and no
/// certificate shown, so it does not matter who answers.
final class UpgradeProbe {
  private static final String PROTOCOL = "teleport-reversetunnel";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private UpgradeProbe() {}

  /// Whether somebody else ends TLS there. False as well where nobody answers.
  static boolean endsTls(ControlEndpoint proxy) {
    try (var plain = new Socket()) {
      plain.connect(new InetSocketAddress(proxy.host(), proxy.port()), (int) TIMEOUT.toMillis());
      plain.setSoTimeout((int) TIMEOUT.toMillis());
      return !PROTOCOL.equals(agreed(proxy, plain));
    } catch (SSLException e) {
      // Such as the alert that it knows none of the protocols.
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String agreed(ControlEndpoint proxy, Socket plain) throws IOException {
    try (var socket =
        (SSLSocket)
            trustingAll()
                .getSocketFactory()
                .createSocket(plain, proxy.host(), proxy.port(), false)) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {PROTOCOL});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getApplicationProtocol();
    }
  }

  /// For what is protected in itself, or says nothing.
  static SSLContext trustingAll() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {PeerTrust.insecure()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot speak TLS", e);
    }
  }
}
