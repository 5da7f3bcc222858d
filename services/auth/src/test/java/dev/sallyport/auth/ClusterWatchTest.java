package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.control.ClusterView;
import dev.sallyport.control.ClusterWatcher;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.control.ViewStanding;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Kind;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The view that agents and proxies hold, fed by the real stream.
final class ClusterWatchTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder = Path.of("never");

  @Test
  void viewFollowsTheClusterAndOutlivesARestart() throws Exception {
    try (var cluster = new Cluster(folder)) {
      cluster.admin().create(Cluster.devRole("dev"), false);
      cluster.user("alice", "dev", "access");
      var agent = cluster.join(SystemRole.DB);
      var client = new AtomicReference<>(cluster.client(agent.identity()));
      var view = new ClusterView(cluster.auth().trust(), InstantSource.system());
      try (var watcher = watcher(view, client).start()) {
        assertThat(watcher).isNotNull();
        assertThat(view.awaitSynced(SOON)).isTrue();
        assertThat(view.rolesOf("alice")).contains(List.of("dev", "access"));
        assertThat(view.role("dev")).isPresent();
        assertThat(view.trust()).isEqualTo(cluster.auth().trust());
        update(cluster, "access");
        await()
            .atMost(SOON)
            .until(() -> view.rolesOf("alice").equals(Optional.of(List.of("access"))));
        restart(cluster, client, agent.identity());
        cluster.admin().delete(Kind.USER, "alice");
        await().atMost(SOON).until(() -> view.rolesOf("alice").isEmpty());
        await().atMost(SOON).until(() -> view.fresh(InstantSource.system().instant()));
      }
    }
  }

  /// An agent does not learn what others serve, a Proxy not who may do what, and nobody of tokens.
  @Test
  void eachPartSeesWhatItNeedsAndNoMore() throws Exception {
    try (var cluster = new Cluster(folder)) {
      var agent = cluster.join(SystemRole.DB).identity();
      announce(cluster, agent);
      var view = new ClusterView(cluster.auth().trust(), InstantSource.system());
      var proxy = cluster.proxy();
      try (var watcher =
          new ClusterWatcher(
              view,
              () -> proxy,
              EnumSet.of(
                  Kind.DB_SERVER, Kind.LOCK, Kind.CERT_AUTHORITY, Kind.CLUSTER_AUTH_PREFERENCE),
              _ -> {},
              new Random(7))) {
        watcher.start();
        await().atMost(SOON).until(() -> view.serversOf("orders").count() == 1);
      }
      var port = cluster.auth().boundPort();
      for (var kinds : List.of("db_server", "token", "github", "lock,db_server", "")) {
        assertThat(watch(new RawClient(port, agent), kinds)).as(kinds).isEqualTo(400);
      }
      var other = new RawClient(port, cluster.proxyIdentity());
      for (var kinds : List.of("user", "role", "token", "db", "oidc", "lock,user", "*")) {
        assertThat(watch(other, kinds)).as(kinds).isEqualTo(400);
      }
    }
  }

  private static int watch(RawClient client, String kinds) throws IOException {
    return client.status("GET", "/v1/watch?kinds=" + kinds, "");
  }

  @Test
  void whatChangedWhileAuthWasAwayIsKnownBeforeAnythingIsJudgedAgain() throws Exception {
    var now = InstantSource.system();
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "access");
      var agent = cluster.join(SystemRole.DB);
      var client = new AtomicReference<>(cluster.client(agent.identity()));
      var view = new ClusterView(cluster.auth().trust(), now);
      assertThat(view.standing(now.instant())).isEqualTo(ViewStanding.UNUSABLE);
      try (var watcher = watcher(view, client).start()) {
        assertThat(watcher).isNotNull();
        assertThat(view.awaitSynced(SOON)).isTrue();
        cluster.admin().create(LocksTest.lock("l1", LockPart.USER, "alice"), false);
        await().atMost(SOON).until(() -> locked(view, "alice"));
        assertThat(view.preference().sessions().lockingMode()).isEqualTo(LockingMode.STRICT);
        cluster.admin().create(lenient(), false);
        await()
            .atMost(SOON)
            .until(() -> view.preference().sessions().lockingMode() == LockingMode.BEST_EFFORT);

        cluster.restart();
        await().atMost(SOON).until(() -> view.standing(now.instant()) == ViewStanding.SILENT);
        assertThat(locked(view, "alice")).as("what was known stays known").isTrue();
        cluster.admin().delete(Kind.LOCK, "l1");
        cluster.admin().create(LocksTest.lock("l2", LockPart.USER, "bob"), false);
        cluster.admin().delete(Kind.USER, "alice");
        client.set(cluster.client(agent.identity()));
        await().atMost(SOON).until(() -> view.standing(now.instant()) == ViewStanding.FRESH);
        assertThat(locked(view, "bob")).isTrue();
        assertThat(locked(view, "alice")).isFalse();
        assertThat(view.user("alice")).isEmpty();
      }
    }
  }

  private static AuthPreference lenient() {
    return new AuthPreference(
        Metadata.named(AuthPreference.NAME),
        AuthPreference.SignIn.DEFAULT,
        AuthPreference.SecondFactors.OFF,
        new AuthPreference.Sessions(Duration.ofHours(12), false, LockingMode.BEST_EFFORT, false),
        Optional.empty(),
        Map.of());
  }

  private static boolean locked(ClusterView view, String user) {
    return view.locks()
        .on(LockSubject.of(LockPart.USER, user), InstantSource.system().instant())
        .isPresent();
  }

  private static ClusterWatcher watcher(ClusterView view, AtomicReference<ControlClient> client) {
    return new ClusterWatcher(
        view,
        client::get,
        EnumSet.of(
            Kind.ROLE, Kind.USER, Kind.CERT_AUTHORITY, Kind.LOCK, Kind.CLUSTER_AUTH_PREFERENCE),
        _ -> {},
        new Random(7));
  }

  private static void update(Cluster cluster, String role) throws IOException {
    cluster
        .admin()
        .updateUser("alice", new UpdateUserRequest(Optional.of(List.of(role)), Optional.empty()));
  }

  private static void announce(Cluster cluster, TlsIdentity agent) {
    cluster.client(agent).heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));
  }

  private static void restart(
      Cluster cluster, AtomicReference<ControlClient> client, TlsIdentity agent)
      throws IOException {
    cluster.restart();
    client.set(cluster.client(agent));
  }
}
