package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import dev.sallyport.store.sqlite.SqliteStateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster with more of everything than goes into one answer.
final class ManyResourcesTest {
  private static final int MANY = 1200;
  private static final Pattern NEXT = Pattern.compile("\"next\":\"([A-Za-z0-9_-]+)\"");

  @TempDir Path folder = Path.of("never");
  private Optional<Cluster> running = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.admin().create(Cluster.devRole("dev"), false);
      cluster.user("alice", "access", "dev");
      cluster.user("erin", "editor");
    }
    try (var store =
        SqliteStateStore.open(folder.resolve("auth").resolve("state.db"), () -> Cluster.START)) {
      var all = new ArrayList<Resource>();
      for (var i = 0; i < MANY; i++) {
        var name = "%05d".formatted(i);
        all.add(Cluster.devRole("role-" + name));
        all.add(
            new User(Metadata.named("user-" + name), List.of("dev"), Map.of(), Optional.empty()));
        all.add(
            new ProvisionToken(
                Metadata.named("a-token-to-join-with-" + name),
                List.of(SystemRole.DB),
                JoinTerms.SECRET,
                List.of()));
        for (var host : List.of("host-b", "host-a")) {
          var database = Cluster.database("db-" + name, i % 2 == 0 ? "dev" : "prod");
          all.add(new DatabaseServer(database.metadata(), host, "node", "1.0.0", database));
        }
      }
      put(store, all);
    }
    running = Optional.of(new Cluster(folder));
  }

  private static void put(StateStore store, List<Resource> all) {
    for (var from = 0; from < all.size(); from += StateStore.WRITES_MAX) {
      var some = all.subList(from, Math.min(all.size(), from + StateStore.WRITES_MAX));
      store.commit(
          some.stream()
              .<Write>map(resource -> ResourceState.put(resource, Condition.absent()))
              .toList());
    }
  }

  @AfterEach
  void stop() {
    cluster().close();
  }

  private Cluster cluster() {
    return running.orElseThrow();
  }

  @Test
  void listsAreWholeInOrderAndWithoutDoubles() throws IOException {
    for (var client : List.of(cluster().admin(), cluster().client(cluster().signIn("erin")))) {
      for (var kind : List.of(Kind.ROLE, Kind.USER, Kind.TOKEN)) {
        var names = names(client.list(kind, false));
        assertThat(names).as("%s", kind).hasSizeGreaterThanOrEqualTo(MANY);
        if (kind != Kind.TOKEN) {
          assertThat(names).isSorted().doesNotHaveDuplicates();
        }
      }
    }
    var tokens = names(cluster().admin().list(Kind.TOKEN, true));
    assertThat(tokens).hasSize(MANY).doesNotHaveDuplicates();
    assertThat(Recorded.in(folder).split("secrets.read", -1)).hasSize(2);
    assertThat(cluster().admin().list(Kind.DB_SERVER, false)).hasSize(2 * MANY);
  }

  @Test
  void databasesAreListedOnceEachThoughTwoHostsServeThemAndOnlyVisibleOnes() throws IOException {
    var alice = cluster().client(cluster().signIn("alice"));
    assertThat(names(alice)).hasSize(MANY).isSorted().doesNotHaveDuplicates();
    cluster()
        .admin()
        .updateUser("alice", new UpdateUserRequest(Optional.of(List.of("dev")), Optional.empty()));
    assertThat(names(alice)).hasSize(MANY / 2).isSorted().contains("db-00000", "db-01198");
    var keys = KeyPairs.generate();
    assertThat(alice.databaseCert(Cluster.forDatabase("db-01000", keys)).agents())
        .containsExactly("host-a", "host-b");
    refused(() -> alice.databaseCert(Cluster.forDatabase("db-01001", keys)), ErrorKind.NOT_FOUND);
  }

  @Test
  void aPageIsOfOneListAndOneReaderAndEnds() throws IOException {
    var admin = new RawClient(cluster().auth().boundPort(), cluster().adminIdentity());
    var first = admin.exchange("GET", "/v1/resources/token", "");
    assertThat(first.length()).isLessThan(3 << 20);
    var match = NEXT.matcher(first);
    assertThat(match.find()).isTrue();
    var next = match.group(1);
    assertThat(admin.status("GET", "/v1/resources/token?page=" + next, "")).isEqualTo(200);
    var erin = new RawClient(cluster().auth().boundPort(), cluster().signIn("erin"));
    assertThat(erin.status("GET", "/v1/resources/token?page=" + next, "")).isEqualTo(400);
    for (var path :
        List.of(
            "/v1/resources/user?page=" + next,
            "/v1/resources/token?with_secrets=true&page=" + next,
            "/v1/resources/token?page=" + next.substring(1),
            "/v1/resources/token?page=token/00")) {
      assertThat(admin.status("GET", path, "")).as(path).isEqualTo(400);
    }
    assertThat(Recorded.in(folder)).doesNotContain("secrets.read");
    cluster().pass(Duration.ofMinutes(10));
    assertThat(admin.status("GET", "/v1/resources/token?page=" + next, "")).isEqualTo(400);
  }

  @Test
  void whatIsKeptInMemoryIsWhatTheStateHolds() throws IOException {
    var admin = cluster().admin();
    var agent = cluster().join(SystemRole.DB);
    var client = cluster().client(agent.identity());
    assertThat(admin.list(Kind.USER, false)).hasSize(MANY + 2);
    admin.delete(Kind.USER, "user-00000");
    assertThat(names(admin.list(Kind.USER, false))).hasSize(MANY + 1).doesNotContain("user-00000");
    client.heartbeat(
        Cluster.heartbeat(Cluster.database("aaa", "dev"), Cluster.database("zzz", "dev")));
    var alice = cluster().client(cluster().signIn("alice"));
    assertThat(names(alice)).hasSize(MANY + 2).startsWith("aaa").endsWith("zzz");
    client.heartbeat(Cluster.heartbeat(Cluster.database("zzz", "dev")));
    assertThat(names(alice)).hasSize(MANY + 1).doesNotContain("aaa");
    cluster().pass(Duration.ofMinutes(10));
    assertThat(names(alice)).hasSize(MANY).doesNotContain("zzz");
  }

  private static List<String> names(List<Resource> resources) {
    return resources.stream().map(Resource::resourceName).toList();
  }

  private static List<String> names(ControlClient client) {
    return client.databases().stream()
        .map(access -> access.database().at("/metadata/name").asString())
        .toList();
  }
}
