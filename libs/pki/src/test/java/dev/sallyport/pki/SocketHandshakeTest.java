package dev.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.SystemRole;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;

/// The same trust over sockets, where the JDK calls other methods of it.
class SocketHandshakeTest {
  private static final Cluster OURS = new Cluster("example.com", InstantSource.system());

  @Test
  void aUserAndAProxyMeet() throws Exception {
    var meeting = meet(OURS.user(), OURS.host(SystemRole.PROXY), "proxy.example.com");
    assertThat(meeting.get(10, TimeUnit.SECONDS)).isEqualTo(7);
  }

  @Test
  void aHostIsNoUser() throws Exception {
    var meeting = meet(OURS.host(SystemRole.DB), OURS.host(SystemRole.PROXY), "proxy.example.com");
    assertThatThrownBy(() -> meeting.get(10, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(PeerRefused.class);
  }

  @Test
  void anAgentIsNoProxy() {
    assertThatThrownBy(() -> meet(OURS.user(), OURS.host(SystemRole.DB), "proxy.example.com"))
        .hasRootCauseInstanceOf(PeerRefused.class)
        .hasRootCauseMessage("the certificate has the system role Db, but Proxy is needed here");
  }

  /// What the server read; throws when the client refused the server.
  private static CompletableFuture<Integer> meet(
      TlsIdentity client, TlsIdentity server, String name) throws Exception {
    var listening = context(server, PeerTrust.users(OURS.verifier()));
    var dialling = context(client, PeerTrust.server(OURS.verifier(), SystemRole.PROXY, name));
    var loopback = InetAddress.getLoopbackAddress();
    var listener =
        (SSLServerSocket) listening.getServerSocketFactory().createServerSocket(0, 1, loopback);
    listener.setNeedClientAuth(true);
    var read = new CompletableFuture<Integer>();
    Thread.ofVirtual()
        .start(() -> {
          try (listener;
              var accepted = listener.accept()) {
            read.complete(accepted.getInputStream().read());
          } catch (IOException e) {
            read.completeExceptionally(e);
          }
        });
    try (var socket = dialling.getSocketFactory().createSocket(loopback, listener.getLocalPort())) {
      socket.getOutputStream().write(7);
    } catch (IOException e) {
      if (e.getCause() instanceof PeerRefused) {
        throw e;
      }
      // In TLS 1.3 the client has finished before the server judges: it may see a closed socket.
      assertThat(read).failsWithin(Duration.ofSeconds(10));
    }
    return read;
  }

  private static SSLContext context(TlsIdentity identity, X509ExtendedTrustManager trust)
      throws Exception {
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(new KeyManager[] {new Handshake.Key(identity)}, new TrustManager[] {trust}, null);
    return context;
  }
}
