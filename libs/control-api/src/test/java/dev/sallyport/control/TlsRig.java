package dev.sallyport.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// A cluster's authorities, and an HTTPS server of the JDK's that speaks as any of its parts.
final class TlsRig implements AutoCloseable {
  static final String CLUSTER = "example.com";

  @FunctionalInterface
  interface Handler {
    void handle(HttpExchange exchange) throws Exception;
  }

  final InstantSource clock = InstantSource.system();
  final CertificateAuthority users = authority(CaKind.USER);
  final CertificateAuthority hosts = authority(CaKind.HOST);
  private @Nullable HttpsServer server;

  TrustBundle trust() {
    return new TrustBundle(CLUSTER, List.of(users.certificate()), List.of(hosts.certificate()));
  }

  IdentityVerifier verifier() {
    return new IdentityVerifier(this::trust, clock);
  }

  TlsIdentity user() {
    var keys = KeyPairs.generate();
    var alice =
        new UserIdentity(
            CLUSTER,
            "alice",
            List.of("access"),
            Map.of(),
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var end = clock.instant().plus(Duration.ofHours(1));
    return new TlsIdentity(
        keys.getPrivate(), List.of(users.issueUser(alice, keys.getPublic(), end)));
  }

  TlsIdentity host(SystemRole role) {
    var keys = KeyPairs.generate();
    var end = clock.instant().plus(Duration.ofHours(1));
    return hosts.identity(
        keys.getPrivate(),
        hosts.issueHost(
            new HostIdentity(CLUSTER, "host-1", role), keys.getPublic(), Set.of(), Set.of(), end));
  }

  /// Serves as the holder of that identity, offering one application protocol.
  ControlEndpoint serve(
      TlsIdentity identity, boolean clientCertificate, String alpn, Handler handler)
      throws Exception {
    var context = SSLContext.getInstance("TLS");
    var clients = PeerTrust.clients(verifier(), EnumSet.allOf(SystemRole.class));
    context.init(keys(identity), new TrustManager[] {clients}, null);
    var https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            var tls = new SSLParameters();
            tls.setApplicationProtocols(new String[] {alpn});
            tls.setNeedClientAuth(clientCertificate);
            parameters.setSSLParameters(tls);
          }
        });
    https.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    https.createContext(
        "/",
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          } catch (IOException e) {
            throw e;
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
    https.start();
    server = https;
    return new ControlEndpoint("127.0.0.1", https.getAddress().getPort());
  }

  ControlClient client(ControlEndpoint endpoint) {
    return new ControlClient(endpoint, user(), verifier(), CLUSTER);
  }

  static void answer(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private javax.net.ssl.KeyManager[] keys(TlsIdentity identity) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "me", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
    var factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private CertificateAuthority authority(CaKind kind) {
    return CertificateAuthority.create(kind, CLUSTER, clock, new SecureRandom());
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
