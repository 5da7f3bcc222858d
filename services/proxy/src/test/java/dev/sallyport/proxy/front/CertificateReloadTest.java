package dev.sallyport.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.proxy.ProxyConfig;
import dev.sallyport.proxy.ProxyStartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The operator's certificates are replaced while the Proxy serves.
final class CertificateReloadTest {
  private static final Duration EVERY = Duration.ofMillis(50);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final CertificateAuthority authority = authority();
  @TempDir private Path folder;

  private static CertificateAuthority authority() {
    return authority(InstantSource.system());
  }

  private static CertificateAuthority authority(InstantSource clock) {
    return CertificateAuthority.create(CaKind.HOST, "example.com", clock, new SecureRandom());
  }

  /// A pair as a program that renews certificates makes it.
  private record Made(String key, String chain, X509Certificate leaf) {}

  private static Made made(CertificateAuthority authority, Instant end) {
    var keys = KeyPairs.generate();
    var host = new HostIdentity("example.com", "web", SystemRole.PROXY);
    var leaf =
        authority.issueHost(host, keys.getPublic(), Set.of("teleport.example.com"), Set.of(), end);
    return new Made(
        Pem.encode(keys.getPrivate()), Pem.encode(List.of(leaf, authority.certificate())), leaf);
  }

  private Made made() {
    return made(authority, Instant.now().plus(Duration.ofDays(1)));
  }

  private ProxyConfig.HttpsKeypair pair() {
    return new ProxyConfig.HttpsKeypair(folder.resolve("key.pem"), folder.resolve("cert.pem"));
  }

  private void put(String key, String chain) throws IOException {
    Files.writeString(pair().keyFile(), key);
    Files.writeString(pair().certFile(), chain);
  }

  private static SSLSocket dial(int port) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new FrontDoorTest.Anybody()}, new SecureRandom());
    var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(5_000);
    socket.startHandshake();
    return socket;
  }

  private static X509Certificate shown(int port) throws Exception {
    try (var socket = dial(port)) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static String answer(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /webapi/ping HTTP/1.1\r\nHost: p\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII);
  }

  @Test
  void newFilesAreShownToNewConnectionsAndOpenOnesGoOn() throws Exception {
    var first = made();
    put(first.key(), first.chain());
    var edge = new ProxyConfig.Edge(EVERY, List.of());
    try (var rig = new FrontRig(folder.resolve("data"), List.of(pair()), edge);
        var open = dial(rig.port())) {
      assertThat(shown(rig.port())).isEqualTo(first.leaf());
      var second = made();
      put(second.key(), second.chain());
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(shown(rig.port())).isEqualTo(second.leaf()));
      assertThat(answer(open)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void whatIsNotWholeChangesNothingUntilItIs() throws Exception {
    var first = made();
    put(first.key(), first.chain());
    var edge = new ProxyConfig.Edge(Duration.ZERO, List.of());
    try (var rig = new FrontRig(folder.resolve("data"), List.of(pair()), edge)) {
      var second = made();
      var lastWeek = Instant.now().minus(Duration.ofDays(7));
      var ended = made(authority(() -> lastWeek), Instant.now().minusSeconds(60));
      var stranger = Pem.encode(authority().certificate());
      put(first.key(), second.chain());
      assertThat(rig.front.reloadCertificates()).isFalse();
      put(ended.key(), ended.chain());
      assertThat(rig.front.reloadCertificates()).isFalse();
      put(second.key(), Pem.encode(second.leaf()) + stranger);
      assertThat(rig.front.reloadCertificates()).isFalse();
      put("", "");
      assertThat(rig.front.reloadCertificates()).isFalse();
      Files.delete(pair().keyFile());
      assertThat(rig.front.reloadCertificates()).isFalse();
      assertThat(shown(rig.port())).isEqualTo(first.leaf());
      put(second.key(), second.chain());
      assertThat(rig.front.reloadCertificates()).isTrue();
      assertThat(rig.front.reloadCertificates()).isFalse();
      assertThat(shown(rig.port())).isEqualTo(second.leaf());
    }
  }

  private void startFails(String key, String chain, String... told) throws Exception {
    put(key, chain);
    var failure =
        assertThatThrownBy(
            () -> new FrontRig(folder.resolve("data"), List.of(pair()), ProxyConfig.Edge.USUAL));
    failure.isInstanceOf(ProxyStartException.class);
    for (var text : told) {
      failure.hasMessageContaining(text);
    }
  }

  @Test
  void aStartSaysWhatIsWrongWithAPair() throws Exception {
    var one = made();
    var other = made();
    var key = "proxy_service.https_keypairs[0].key_file: " + pair().keyFile();
    var cert = "proxy_service.https_keypairs[0].cert_file: " + pair().certFile();
    startFails(other.key(), one.chain(), key, "does not belong to the certificate");
    startFails(one.key(), one.key(), cert);
    startFails(one.chain(), one.chain(), key);
    startFails(
        one.key(),
        Pem.encode(List.of(authority.certificate(), one.leaf())),
        cert,
        "certificate 2 did not sign certificate 1");
  }
}
