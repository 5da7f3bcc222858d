package dev.sallyport.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Resource;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.resources.ResourceJson;
import dev.sallyport.resources.ResourceReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterWatcherTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final EnumSet<Kind> KINDS =
      EnumSet.of(Kind.ROLE, Kind.USER, Kind.CERT_AUTHORITY, Kind.DB_SERVER);

  private final TlsRig rig = new TlsRig();
  private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
  private final InstantSource clock = time::get;
  private final ClusterView view = new ClusterView(rig.trust(), clock);
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(100);
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<ControlException> losses = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void aViewIsNotFreshBeforeItIsWhole() {
    view.take(mark(WatchType.RESET, 0));
    view.take(role("access", 5));
    view.take(mark(WatchType.BEAT, 5));
    assertThat(view.fresh(NOW)).isFalse();
    assertThat(view.role("access")).isEmpty();
    view.take(mark(WatchType.SYNCED, 5));
    assertThat(view.fresh(NOW)).isTrue();
    assertThat(view.role("access")).isPresent();
    assertThat(view.revision()).isEqualTo(5);
  }

  @Test
  void silenceOrAClockThatJumpsMakesItStale() {
    sync(1);
    assertThat(view.fresh(NOW.plusMillis(1000))).isTrue();
    assertThat(view.fresh(NOW.plusMillis(1001))).isFalse();
    assertThat(view.fresh(NOW.minusMillis(1001))).isFalse();
    time.set(NOW.plusSeconds(5));
    view.take(mark(WatchType.BEAT, 1));
    view.take(mark(WatchType.BEAT, 1));
    assertThat(view.standing(time.get()))
        .as("beats that come at once after a silence are old ones")
        .isEqualTo(ViewStanding.UNUSABLE);
    time.set(NOW.plusSeconds(5).plus(ClusterView.UNBUFFERED));
    view.take(mark(WatchType.BEAT, 1));
    assertThat(view.standing(time.get())).isEqualTo(ViewStanding.FRESH);
    view.behind(false);
    assertThat(view.fresh(time.get())).isFalse();
  }

  @Test
  void aSilentViewMayBeGoneOnWithForFiveMinutesAndNotWhileItCatchesUp() {
    assertThat(view.standing(NOW)).isEqualTo(ViewStanding.UNUSABLE);
    sync(1);
    assertThat(view.standing(NOW.plusMillis(1001))).isEqualTo(ViewStanding.SILENT);
    assertThat(view.standing(NOW.plus(ClusterView.BEST_EFFORT_FOR))).isEqualTo(ViewStanding.SILENT);
    assertThat(view.standing(NOW.plus(ClusterView.BEST_EFFORT_FOR).plusMillis(1)))
        .isEqualTo(ViewStanding.UNUSABLE);
    assertThat(view.standing(NOW.minusSeconds(2))).isEqualTo(ViewStanding.UNUSABLE);

    view.behind(false);
    assertThat(view.standing(NOW.plusSeconds(3))).isEqualTo(ViewStanding.SILENT);
    time.set(NOW.plusSeconds(3));
    view.take(role("access", 2));
    assertThat(view.standing(time.get()))
        .as("Auth is there again: what changed meanwhile is on its way")
        .isEqualTo(ViewStanding.UNUSABLE);
    view.take(mark(WatchType.SYNCED, 2));
    assertThat(view.standing(time.get())).isEqualTo(ViewStanding.FRESH);
    assertThat(view.sure()).isEqualTo(time.get());

    view.behind(true);
    assertThat(view.standing(time.get()))
        .as("Auth was heard and refuses: no outage")
        .isEqualTo(ViewStanding.UNUSABLE);
  }

  @Test
  void locksActAtOnceAndTellWhoListens() {
    var told = new AtomicInteger();
    view.whenLocksChange(told::incrementAndGet);
    sync(1);
    var version = view.version();
    var alice = LockSubject.of(LockPart.USER, "alice");
    view.take(put(Lock.of("l1", LockTarget.of(LockPart.USER, "alice")), 2));
    assertThat(view.locks().on(alice, NOW)).isPresent();
    assertThat(view.version()).isGreaterThan(version);
    var locked = told.get();
    view.take(user("alice", List.of("access"), 3));
    assertThat(told).hasValue(locked);
    view.take(WatchEvent.delete("lock", "l1", 4));
    assertThat(view.locks().on(alice, NOW)).isEmpty();
    assertThat(told.get()).isGreaterThan(locked);
  }

  @Test
  void changesActAtOnceAndMoveTheVersionWhenTheyMatter() {
    sync(1);
    var version = view.version();
    view.take(user("alice", List.of("access"), 2));
    assertThat(view.rolesOf("alice")).contains(List.of("access"));
    assertThat(view.version()).isGreaterThan(version);
    version = view.version();
    view.take(server("orders", 3));
    assertThat(view.version()).isEqualTo(version);
    assertThat(view.serversOf("orders"))
        .singleElement()
        .extracting(DatabaseServer::hostId)
        .isEqualTo("host-1");
    assertThat(view.databaseServers()).hasSize(1);
    view.take(WatchEvent.delete("user", "alice", 4));
    assertThat(view.rolesOf("alice")).isEmpty();
    assertThat(view.version()).isGreaterThan(version);
  }

  @Test
  void aResetForgetsWhatIsNotSentAgainButOnlyWhenItIsWhole() {
    sync(1);
    view.take(role("old", 2));
    view.take(mark(WatchType.RESET, 0));
    view.take(role("new", 9));
    assertThat(view.role("old")).isPresent();
    assertThat(view.fresh(NOW)).isFalse();
    assertThat(view.revision()).isZero();
    view.take(mark(WatchType.SYNCED, 9));
    assertThat(view.role("old")).isEmpty();
    assertThat(view.role("new")).isPresent();
  }

  @Test
  void aStreamThatEndsWithinACommitGoesOnBeforeIt() {
    sync(1);
    view.take(role("a", 7));
    view.take(role("b", 7));
    assertThat(view.revision()).isEqualTo(1);
    view.take(role("c", 8));
    assertThat(view.revision()).isEqualTo(7);
    view.take(mark(WatchType.BEAT, 8));
    assertThat(view.revision()).isEqualTo(8);
  }

  @Test
  void authoritiesAreTakenOverAndWrongOnesRefuseTheStream() {
    sync(1);
    var next =
        CertificateAuthority.create(CaKind.HOST, TlsRig.CLUSTER, rig.clock, new SecureRandom());
    view.take(authority("host", 2, rig.hosts, next));
    view.take(authority("user", 3, rig.users));
    assertThat(view.trust())
        .isEqualTo(
            new TrustBundle(
                TlsRig.CLUSTER,
                List.of(rig.users.certificate()),
                List.of(rig.hosts.certificate(), next.certificate())));
    assertThatThrownBy(() -> view.take(authority("user", 4, rig.hosts)))
        .isInstanceOf(ControlException.class);
    assertThat(view.trust().userAuthorities()).containsExactly(rig.users.certificate());
  }

  @Test
  void linesThatAreNotUnderstoodAreRefused() {
    sync(1);
    var json = ControlJson.MAPPER.createObjectNode();
    for (var event :
        List.of(
            WatchEvent.put("role", "x", 2, json),
            WatchEvent.put("user", "x", 2, json),
            WatchEvent.put("secret", "x", 2, json),
            WatchEvent.put("token", "x", 2, json),
            WatchEvent.put("role", "x", 2, ResourceJson.toJson(serverOf("orders"))),
            WatchEvent.delete("token", "x", 2),
            mark(WatchType.PUT, 2))) {
      assertThatThrownBy(() -> view.take(event)).isInstanceOf(ControlException.class);
    }
  }

  @Test
  void theWatcherFollowsAndGoesOnFromWhereItWas() throws Exception {
    var endpoint = auth();
    try (var client = rig.client(endpoint);
        var watcher = watcher(client).start()) {
      assertThat(watcher).isNotNull();
      assertThat(view.awaitSynced(Duration.ofMillis(50))).isFalse();
      send(mark(WatchType.RESET, 0), role("access", 3), mark(WatchType.SYNCED, 3));
      assertThat(view.awaitSynced(Duration.ofSeconds(10))).isTrue();
      send(user("alice", List.of("access"), 4), mark(WatchType.BEAT, 4));
      await().until(() -> view.revision() == 4);
      lines.put("end");
      await().until(() -> asked.size() == 2);
      assertThat(asked)
          .containsExactly(
              "kinds=cert_authority%2Cdb_server%2Crole%2Cuser&since=0",
              "kinds=cert_authority%2Cdb_server%2Crole%2Cuser&since=4");
      assertThat(view.fresh(NOW)).isFalse();
      send(WatchEvent.delete("role", "access", 5), mark(WatchType.SYNCED, 5));
      await().until(() -> view.fresh(NOW));
      assertThat(view.role("access")).isEmpty();
      assertThat(losses)
          .singleElement()
          .extracting(ControlException::reason)
          .asString()
          .contains("the server ended it");
    }
    await().until(() -> !view.fresh(NOW));
  }

  @Test
  void aSilentStreamIsGivenUpAndABadLineToo() throws Exception {
    var endpoint = auth();
    try (var client = rig.client(endpoint);
        var watcher = watcher(client).start()) {
      assertThat(watcher).isNotNull();
      send(mark(WatchType.RESET, 0), mark(WatchType.SYNCED, 1));
      assertThat(view.awaitSynced(Duration.ofSeconds(10))).isTrue();
      await().atMost(Duration.ofSeconds(10)).until(() -> losses.size() == 1);
      assertThat(losses.peek().reason()).contains("nothing was heard");
      assertThat(view.fresh(NOW)).isFalse();
      await().until(() -> asked.size() == 2);
      lines.put("{\"type\":\"boo\"}");
      await().until(() -> losses.size() == 2);
      await().until(() -> asked.size() == 3);
    }
  }

  /// As when Auth's process stands still: the system takes connections for it, and nobody answers.
  @Test
  void anAuthThatHangsMakesTheViewStaleAndIsTriedAgainUntilItAnswers() throws Exception {
    var endpoint = auth();
    try (var hanging = new ServerSocket(0);
        var good = rig.client(endpoint);
        var stuck = impatient(new ControlEndpoint("127.0.0.1", hanging.getLocalPort()))) {
      var client = new AtomicReference<>(good);
      var tries = new AtomicInteger();
      var watcher =
          new ClusterWatcher(
              view,
              () -> {
                tries.incrementAndGet();
                return client.get();
              },
              KINDS,
              losses::add,
              new Random(1));
      try (watcher) {
        watcher.start();
        send(mark(WatchType.RESET, 0), role("access", 3), mark(WatchType.SYNCED, 3));
        await().until(() -> view.standing(NOW) == ViewStanding.FRESH);
        client.set(stuck);
        lines.put("end");
        await().until(() -> losses.size() >= 3);
        assertThat(losses)
            .element(1)
            .extracting(ControlException::reason)
            .asString()
            .contains("did not answer within");
        assertThat(tries.get()).isGreaterThanOrEqualTo(3);
        // Strict modes stop here; the others go on with what was last sure, for a while.
        assertThat(view.standing(NOW)).isEqualTo(ViewStanding.SILENT);
        assertThat(view.role("access")).isPresent();
        assertThat(view.standing(NOW.plus(ClusterView.BEST_EFFORT_FOR).plusMillis(1)))
            .isEqualTo(ViewStanding.UNUSABLE);
        client.set(good);
        send(WatchEvent.delete("role", "access", 4), mark(WatchType.SYNCED, 4));
        await().until(() -> view.standing(NOW) == ViewStanding.FRESH);
        assertThat(view.role("access")).isEmpty();
      }
    }
  }

  private ControlClient impatient(ControlEndpoint endpoint) {
    var user = rig.user();
    return new ControlClient(
        endpoint, () -> user, rig.verifier(), "example.com", Duration.ofMillis(50));
  }

  @Test
  void aRefusalIsToldAndTriedAgain() throws Exception {
    var endpoint =
        rig.serve(
            rig.host(SystemRole.AUTH),
            true,
            ControlClient.ALPN,
            exchange ->
                TlsRig.answer(
                    exchange,
                    403,
                    "{\"error\":{\"kind\":\"AccessDenied\",\"message\":\"not for you\"}}"));
    try (var client = rig.client(endpoint);
        var watcher = watcher(client).start()) {
      assertThat(watcher).isNotNull();
      await().until(() -> losses.size() >= 2);
      assertThat(losses.peek().kind()).isEqualTo(ErrorKind.ACCESS_DENIED);
      assertThat(losses.peek().reason()).isEqualTo("not for you");
    }
  }

  private ClusterWatcher watcher(ControlClient client) {
    return new ClusterWatcher(view, () -> client, KINDS, losses::add, new Random(1));
  }

  private ControlEndpoint auth() throws Exception {
    return rig.serve(rig.host(SystemRole.AUTH), true, ControlClient.ALPN, this::stream);
  }

  /// Sends what the test puts into the queue until it says "end".
  private void stream(HttpExchange exchange) throws Exception {
    asked.add(exchange.getRequestURI().getRawQuery());
    exchange.sendResponseHeaders(200, 0);
    var out = exchange.getResponseBody();
    out.flush();
    var mine = asked.size();
    while (asked.size() == mine) {
      var line = lines.poll(20, TimeUnit.MILLISECONDS);
      if ("end".equals(line)) {
        return;
      }
      if (line != null) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    }
  }

  private void send(WatchEvent... events) throws InterruptedException {
    for (var event : events) {
      lines.put(ControlJson.text(event));
    }
  }

  private void sync(long revision) {
    view.take(mark(WatchType.RESET, 0));
    view.take(mark(WatchType.SYNCED, revision));
  }

  private static WatchEvent mark(WatchType type, long revision) {
    return WatchEvent.mark(type, revision);
  }

  private static WatchEvent user(String name, List<String> roles, long revision) {
    return WatchEvent.put(
        "user",
        name,
        revision,
        ControlJson.MAPPER.valueToTree(
            new UserRoles(name, roles, Optional.empty(), Optional.empty())));
  }

  private static WatchEvent role(String name, long revision) {
    var role =
        ResourceReader.read(
                """
                kind: role
                version: v7
                metadata:
                  name: %s
                spec:
                  allow:
                    db_labels: {'*': '*'}
                """
                    .formatted(name),
                "test")
            .getFirst();
    return put(role, revision);
  }

  private static WatchEvent server(String database, long revision) {
    return put(serverOf(database), revision);
  }

  private static DatabaseServer serverOf(String database) {
    var served =
        (Database)
            ResourceReader.read(
                    """
                    kind: db
                    version: v3
                    metadata:
                      name: %s
                    spec:
                      protocol: dynamodb
                      aws: {region: us-east-1, account_id: "123456789012"}
                    """
                        .formatted(database),
                    "test")
                .getFirst();
    return new DatabaseServer(served.metadata(), "host-1", "node", "1.0.0", served);
  }

  private WatchEvent authority(String type, long revision, CertificateAuthority... authorities) {
    var pairs =
        Arrays.stream(authorities)
            .map(one -> new CertAuthority.KeyPair(Pem.encode(one.certificate()), Optional.empty()))
            .toList();
    return put(
        new CertAuthority(
            new Metadata(type, Optional.empty(), Map.of(), Optional.empty(), Optional.empty()),
            type,
            TlsRig.CLUSTER,
            pairs.subList(0, 1),
            pairs.subList(1, pairs.size())),
        revision);
  }

  private static WatchEvent put(Resource resource, long revision) {
    return WatchEvent.put(
        resource.kind().wireName(),
        resource.resourceName(),
        revision,
        ResourceJson.toJson(resource));
  }
}
