package dev.sallyport.auth.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.auth.export.ExportTarget.Syslog.Transport;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.HostPort;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.SystemTrust;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Records over TLS: only to the server that the address names, under an authority that counts.
final class SyslogTlsTest {
  private static final String CLUSTER = "logs.example.com";

  private final InstantSource clock = InstantSource.system();
  private final CertificateAuthority authority = authority();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private CertificateAuthority authority() {
    return CertificateAuthority.create(CaKind.HOST, CLUSTER, clock, new SecureRandom());
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  @Test
  void recordsReachTheServerOfThatName() throws Exception {
    try (var server = server("localhost");
        var export = new SyslogExport(target("localhost", server, authority.certificate()))) {
      var read = received(server, 3);
      export.put(Rows.of(1, 2));
      export.put(Rows.of(3, 1));

      assertThat(read.get(30, TimeUnit.SECONDS))
          .hasSize(3)
          .satisfies(frames -> {
            assertThat(frames.get(0)).endsWith(Rows.body(1));
            assertThat(frames.get(2)).endsWith(Rows.body(3));
          });
    }
  }

  @Test
  void nothingGoesToAServerOfAnotherName() throws Exception {
    try (var server = server("other.example.com");
        var export = new SyslogExport(target("localhost", server, authority.certificate()))) {
      var read = received(server, 1);
      assertThatThrownBy(() -> export.put(Rows.of(1, 1))).isInstanceOf(IOException.class);
      assertThat(read).failsWithin(Duration.ofSeconds(30));
    }
  }

  @Test
  void norToOneOfAnotherAuthority() throws Exception {
    try (var server = server("localhost");
        var export = new SyslogExport(target("localhost", server, authority().certificate()))) {
      var read = received(server, 1);
      assertThatThrownBy(() -> export.put(Rows.of(1, 1))).isInstanceOf(IOException.class);
      assertThat(read).failsWithin(Duration.ofSeconds(30));
    }
  }

  @Test
  void norToOneThatSpeaksNoTls() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var export = new SyslogExport(target("localhost", server, authority.certificate()))) {
      var closed =
          CompletableFuture.runAsync(
              () -> {
                try {
                  server.accept().close();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              },
              threads);
      assertThatThrownBy(() -> export.put(Rows.of(1, 1))).isInstanceOf(IOException.class);
      closed.get(30, TimeUnit.SECONDS);
    }
  }

  private static ExportTarget.Syslog target(
      String name, ServerSocket server, X509Certificate trusted) {
    return new ExportTarget.Syslog(
        new HostPort(name, server.getLocalPort()),
        Transport.TLS,
        13,
        8192,
        "node-1",
        SystemTrust.of(List.of(trusted)));
  }

  /// A server whose certificate has this name and no other.
  private ServerSocket server(String name) throws Exception {
    var keys = KeyPairs.generate();
    var certificate =
        authority.issueHost(
            new HostIdentity(CLUSTER, "host-1", SystemRole.PROXY),
            keys.getPublic(),
            Set.of(name),
            Set.of(),
            clock.instant().plus(Duration.ofHours(1)));
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context
        .getServerSocketFactory()
        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private CompletableFuture<List<String>> received(ServerSocket server, int count) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (var socket = server.accept()) {
            var frames = new ArrayList<String>();
            for (var i = 0; i < count; i++) {
              frames.add(frame(socket.getInputStream()));
            }
            return List.copyOf(frames);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        },
        threads);
  }

  /// One frame of RFC 6587.
  private static String frame(InputStream in) throws IOException {
    int length = 0;
    for (var c = in.read(); c != ' '; c = in.read()) {
      if (c < '0' || c > '9') {
        throw new IOException("no frame begins");
      }
      length = length * 10 + c - '0';
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
