package dev.sallyport.control.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.JoinResult;
import dev.sallyport.control.Trust;
import dev.sallyport.control.WebClient;
import dev.sallyport.control.WebJoinRequest;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinerTest {
  private static final InstantSource CLOCK = InstantSource.system();

  private final CertificateAuthority hosts = authority(CaKind.HOST, "example.com");
  private final CertificateAuthority users = authority(CaKind.USER, "example.com");
  private final TrustBundle trust = bundle(hosts);
  private final List<WebJoinRequest> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger tokenReads = new AtomicInteger();
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile Reply reply = request -> new Answer(200, granted(request, SystemRole.DB, hosts));
  private HttpsServer door;
  @TempDir private Path folder;

  private record Answer(int status, Object body) {}

  private interface Reply {
    Answer to(WebJoinRequest request) throws IOException;
  }

  @BeforeEach
  void open() throws Exception {
    door = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    door.setHttpsConfigurator(new HttpsConfigurator(proxyTls()));
    door.createContext(
        "/v1/webapi/host/join",
        exchange -> {
          var body = exchange.getRequestBody().readAllBytes();
          var request = ControlJson.request(body, WebJoinRequest.class);
          requests.add(request);
          var answer = reply.to(request);
          var bytes =
              answer.body instanceof String text
                  ? text.getBytes(StandardCharsets.UTF_8)
                  : ControlJson.bytes(answer.body);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(answer.status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    door.start();
  }

  @AfterEach
  void close() {
    stop.countDown();
    door.stop(0);
  }

  @Test
  void aTokenBecomesAMembershipWhichOutlivesTheProcess() throws Exception {
    var joined = joiner(hosts).join(Optional.of("old-id"), stop).orElseThrow();

    assertThat(joined.hostId()).isEqualTo("host-1");
    assertThat(joined.clusterName()).isEqualTo("example.com");
    assertThat(requests)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.token().reveal()).isEqualTo("the-token");
          assertThat(request.role()).isEqualTo("Db");
          assertThat(request.hostId()).contains("old-id");
          assertThat(request.publicKey()).contains("PUBLIC KEY");
        });
    var state = new HostFolder(folder.resolve("agent"), SystemRole.DB, CLOCK);
    assertThat(state.load()).isEmpty();
    state.save(joined);
    assertThat(state.load()).contains(joined);
    assertThat(state.lastHostId()).contains("host-1");
    try (var files = Files.list(state.folder())) {
      assertThat(files)
          .hasSize(3)
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------"));
    }
  }

  @Test
  void aProxyShowsItsAuthorityAlsoAfterARestart() throws Exception {
    reply = request -> new Answer(200, granted(request, SystemRole.PROXY, hosts));
    var joined = joiner(SystemRole.PROXY, hosts).join(Optional.empty(), stop).orElseThrow();
    assertThat(joined.identity().chain()).endsWith(hosts.certificate()).hasSize(2);
    var state = new HostFolder(folder.resolve("proxy"), SystemRole.PROXY, CLOCK);
    state.save(joined);
    assertThat(state.load()).contains(joined);
    assertThat(new HostFolder(folder.resolve("proxy"), SystemRole.DB, CLOCK).load()).isEmpty();
  }

  @Test
  void aTokenThatIsRefusedIsTriedAgainAndReadOnlyOnce() throws Exception {
    var good = reply;
    reply =
        request -> {
          if (requests.size() < 3) {
            return new Answer(
                403, "{\"error\":{\"kind\":\"AccessDenied\",\"message\":\"token expired\"}}");
          }
          return good.to(request);
        };

    assertThat(joiner(hosts).join(Optional.empty(), stop)).isPresent();

    assertThat(requests).hasSize(3);
    assertThat(tokenReads).hasValue(1);
    assertThat(requests.stream().map(WebJoinRequest::publicKey).distinct()).hasSize(1);
  }

  @Test
  void aStrangersProxyIsNotEvenShownTheToken() throws Exception {
    var joining = start(joiner(authority(CaKind.HOST, "example.com")));
    await().pollDelay(Duration.ofMillis(600)).until(() -> true);

    assertThat(requests).isEmpty();
    assertThat(joining).isNotDone();
    stop.countDown();
    await().until(joining::isDone);
    assertThat(joining.join()).isEmpty();
  }

  @Test
  void aCertificateOfAnotherRoleKeyOrClusterIsNotTaken() throws Exception {
    var good = reply;
    var other = authority(CaKind.HOST, "example.com");
    reply =
        request ->
            switch (requests.size()) {
              case 1 -> new Answer(200, granted(request, SystemRole.PROXY, hosts));
              case 2 -> new Answer(200, grantedForAnotherKey());
              case 3 -> new Answer(200, granted(request, SystemRole.DB, other));
              default -> good.to(request);
            };

    assertThat(joiner(hosts).join(Optional.empty(), stop)).isPresent();

    assertThat(requests).hasSize(4);
  }

  private CompletableFuture<Optional<HostMembership>> start(Joiner joiner) {
    var joining = new CompletableFuture<Optional<HostMembership>>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            joining.complete(joiner.join(Optional.empty(), stop));
          } catch (InterruptedException e) {
            joining.completeExceptionally(e);
          }
        });
    return joining;
  }

  private Joiner joiner(CertificateAuthority pinned) {
    return joiner(SystemRole.DB, pinned);
  }

  private Joiner joiner(SystemRole role, CertificateAuthority pinned) {
    var pins = Set.of(CaPin.of(pinned.certificate()));
    return new Joiner(
        new Joiner.Candidate(role, "node"),
        _ ->
            new WebClient(
                URI.create("https://localhost:" + door.getAddress().getPort()),
                PeerTrust.pinnedProxy(pins, CLOCK)),
        new SecretToken(() -> {
          tokenReads.incrementAndGet();
          return Secret.of("the-token");
        }),
        pins,
        CLOCK,
        new Random(11));
  }

  private JoinResult granted(
      WebJoinRequest request, SystemRole role, CertificateAuthority authority) throws IOException {
    var certificate =
        authority.issueHost(
            new HostIdentity("example.com", "host-1", role),
            Pem.publicKey(request.publicKey()),
            Set.of(),
            Set.of(),
            CLOCK.instant().plus(Duration.ofDays(1)));
    return new JoinResult("host-1", Pem.encode(certificate), Trust.of(bundle(authority)));
  }

  private JoinResult grantedForAnotherKey() {
    var certificate =
        hosts.issueHost(
            new HostIdentity("example.com", "host-1", SystemRole.DB),
            KeyPairs.generate().getPublic(),
            Set.of(),
            Set.of(),
            CLOCK.instant().plus(Duration.ofDays(1)));
    return new JoinResult("host-1", Pem.encode(certificate), Trust.of(trust));
  }

  private TrustBundle bundle(CertificateAuthority authority) {
    return new TrustBundle(
        "example.com", List.of(users.certificate()), List.of(authority.certificate()));
  }

  private static CertificateAuthority authority(CaKind kind, String cluster) {
    return CertificateAuthority.create(kind, cluster, CLOCK, new SecureRandom());
  }

  private SSLContext proxyTls() throws Exception {
    var keys = KeyPairs.generate();
    var certificate =
        hosts.issueHost(
            new HostIdentity("example.com", "proxy-1", SystemRole.PROXY),
            keys.getPublic(),
            Set.of("localhost"),
            Set.of(),
            CLOCK.instant().plus(Duration.ofDays(1)));
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "proxy",
        keys.getPrivate(),
        new char[0],
        new X509Certificate[] {certificate, hosts.certificate()});
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
