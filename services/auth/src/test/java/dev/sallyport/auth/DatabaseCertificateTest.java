package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.auth.Cluster.DatabaseRoute;
import dev.sallyport.auth.Cluster.Joined;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.DatabaseCert;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Route;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.resources.ResourceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificates for one route: whom they are given to, how long they last, what they keep.
final class DatabaseCertificateTest {
  @TempDir Path folder = Path.of("never");
  private Optional<Cluster> running = Optional.empty();
  private Optional<Joined> agent = Optional.empty();
  private Optional<TlsIdentity> login = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    var cluster = new Cluster(folder);
    running = Optional.of(cluster);
    cluster.admin().create(Cluster.devRole("dev"), false);
    cluster.user("alice", "dev");
    var joined = cluster.join(SystemRole.DB);
    agent = Optional.of(joined);
    cluster
        .client(joined.identity())
        .heartbeat(
            Cluster.heartbeat(
                Cluster.database("orders", "dev"),
                Cluster.database("carts", "dev"),
                Cluster.database("payroll", "prod")));
    login = Optional.of(cluster.signIn("alice"));
  }

  @AfterEach
  void stop() {
    cluster().close();
  }

  @Test
  void certificateNamesTheRouteAndEndsWithTheSignIn() throws Exception {
    var route = route("orders");
    var leaf = route.identity().leaf();
    var identity = (UserIdentity) ClaimedIdentity.of(leaf).identity();
    assertThat(identity.route())
        .contains(
            new Route(
                "orders", "dynamodb", "ReadOnly", Optional.empty(), route.cert().sessionId()));
    assertThat(leaf.getNotAfter()).isEqualTo(alice().leaf().getNotAfter());
    assertThat(route.cert().agents()).containsExactly(agent.orElseThrow().hostId());
    assertThat(route("orders").cert().sessionId()).isNotEqualTo(route.cert().sessionId());
  }

  @Test
  void invisibleDatabaseLooksAsIfItDidNotExist() throws IOException {
    var client = cluster().client(alice());
    assertThat(client.databases())
        .extracting(access -> access.database().at("/metadata/name").asString())
        .containsExactly("carts", "orders");
    assertThat(client.databases().getFirst().allowedUsers()).containsExactly("ReadOnly");
    assertThat(client.databases())
        .extracting(access -> access.database().at("/status/target_health/status").asString())
        .containsExactly("unknown", "unknown");
    assertThat(client.databases("hasPrefix(name, \"ord\") || name == \"payroll\""))
        .extracting(access -> access.database().at("/metadata/name").asString())
        .containsExactly("orders");
    assertThatThrownBy(() -> client.databases("name =="))
        .isInstanceOf(ControlException.class)
        .hasMessageStartingWith("failed to parse predicate expression: at character 8");
    var keys = KeyPairs.generate();
    refused(() -> client.databaseCert(Cluster.forDatabase("payroll", keys)), ErrorKind.NOT_FOUND);
    refused(() -> client.databaseCert(Cluster.forDatabase("nope", keys)), ErrorKind.NOT_FOUND);
  }

  @Test
  void takenAwayRoleActsAtOnceAndAddedOneAtTheNextSignIn() throws IOException {
    var admin = cluster().admin();
    admin.updateUser(
        "alice", new UpdateUserRequest(Optional.of(List.of("access")), Optional.empty()));
    assertThat(cluster().client(alice()).databases()).isEmpty();
    var keys = KeyPairs.generate();
    refused(
        () -> cluster().client(alice()).databaseCert(Cluster.forDatabase("orders", keys)),
        ErrorKind.NOT_FOUND);
    assertThat(cluster().client(cluster().signIn("alice")).databases()).hasSize(3);
  }

  @Test
  void takenAwayTraitActsAtOnceAndAddedOneAtTheNextSignIn() throws IOException {
    var admin = cluster().admin();
    cluster().user("bob", "access");
    traits("bob", Map.of("db_users", List.of("Reader", "Writer")));
    var bob = cluster().client(cluster().signIn("bob"));
    assertThat(bob.databases().getFirst().allowedUsers()).containsExactly("Reader", "Writer");
    traits("bob", Map.of("db_users", List.of("Owner", "Reader")));
    assertThat(bob.databases().getFirst().allowedUsers()).containsExactly("Reader");
    traits("bob", Map.of("db_users", List.of()));
    assertThat(bob.databases().getFirst().allowedUsers()).isEmpty();

    admin.create(
        ResourceReader.read(
                """
                kind: role
                version: v7
                metadata: {name: by-env}
                spec:
                  allow:
                    db_labels: {env: '{{external.env}}'}
                    db_users: [ReadOnly]
                """,
                "by-env.yaml")
            .getFirst(),
        false);
    cluster().user("carol", "by-env");
    traits("carol", Map.of("env", List.of("dev")));
    var carol = cluster().client(cluster().signIn("carol"));
    var keys = KeyPairs.generate();
    assertThat(carol.databaseCert(Cluster.forDatabase("orders", keys)).sessionId()).isNotEmpty();
    traits("carol", Map.of("env", List.of("prod")));
    for (var database : List.of("orders", "payroll")) {
      refused(() -> carol.databaseCert(Cluster.forDatabase(database, keys)), ErrorKind.NOT_FOUND);
    }
  }

  @Test
  void renewalKeepsTheSessionOnlyAgainstAValidCertificateOfTheSameUserAndRoute()
      throws IOException {
    var old = route("orders");
    var session = old.cert().sessionId();
    assertThat(renew(alice(), "orders", "ReadOnly", old.cert().certificate()).sessionId())
        .isEqualTo(session);
    assertThat(
            renew(cluster().signIn("alice"), "orders", "ReadOnly", old.cert().certificate())
                .sessionId())
        .isEqualTo(session);
    refusedRenewal(alice(), "carts", "ReadOnly", old.cert().certificate());
    refusedRenewal(alice(), "orders", "Admin", old.cert().certificate());
    refusedRenewal(alice(), "orders", "ReadOnly", Pem.encode(alice().leaf()));
    cluster().user("mallory", "dev");
    refusedRenewal(cluster().signIn("mallory"), "orders", "ReadOnly", old.cert().certificate());
    refused(() -> renew(alice(), "orders", "ReadOnly", "nonsense"), ErrorKind.BAD_PARAMETER);
    // A host's certificate, and one that has ended, keep nothing; a new session begins.
    var host = Pem.encode(agent.orElseThrow().identity().leaf());
    assertThat(renew(alice(), "orders", "ReadOnly", host).sessionId()).isNotEqualTo(session);
    cluster().pass(Duration.ofHours(13));
    cluster()
        .client(agent.orElseThrow().identity())
        .heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));
    assertThat(
            renew(cluster().signIn("alice"), "orders", "ReadOnly", old.cert().certificate())
                .sessionId())
        .isNotEqualTo(session);
  }

  @Test
  void databaseCertificateGetsNothing() throws IOException {
    var holder = cluster().client(route("orders").identity());
    var keys = KeyPairs.generate();
    refused(
        () -> holder.databaseCert(Cluster.forDatabase("orders", keys)), ErrorKind.ACCESS_DENIED);
    refused(holder::databases, ErrorKind.ACCESS_DENIED);
    assertThat(holder.status().clusterName()).isEqualTo(Cluster.NAME);
  }

  @Test
  void listsOfSessionsHoldNoKey() throws Exception {
    var route = route("orders");
    var log = cluster().admin().auditLog();
    var window =
        Map.of("from", Cluster.START.toString(), "to", Cluster.START.plusSeconds(60).toString());
    var shown = "" + log.search(window).events() + log.sessions(window).sessions();
    assertThat(shown).contains(route.cert().sessionId(), "cert.create");
    for (var identity : List.of(alice(), route.identity())) {
      var secret = Base64.getEncoder().encodeToString(identity.key().getEncoded());
      var open = Base64.getEncoder().encodeToString(identity.leaf().getPublicKey().getEncoded());
      // Each ends in 32 bytes that are its own.
      assertThat(shown).doesNotContain(secret.substring(20), open.substring(40), "BEGIN");
    }
  }

  @Test
  void goneUserGetsNothing() throws IOException {
    cluster().admin().delete(Kind.USER, "alice");
    var keys = KeyPairs.generate();
    refused(
        () -> cluster().client(alice()).databaseCert(Cluster.forDatabase("orders", keys)),
        ErrorKind.ACCESS_DENIED);
  }

  private void traits(String user, Map<String, List<String>> traits) throws IOException {
    cluster()
        .admin()
        .updateUser(user, new UpdateUserRequest(Optional.empty(), Optional.of(traits)));
  }

  private void refusedRenewal(TlsIdentity who, String database, String dbUser, String old) {
    refused(() -> renew(who, database, dbUser, old), ErrorKind.ACCESS_DENIED);
  }

  private DatabaseCert renew(TlsIdentity who, String database, String dbUser, String old) {
    return cluster()
        .client(who)
        .databaseCert(
            new DatabaseCertRequest(
                database,
                dbUser,
                Optional.empty(),
                Pem.encode(KeyPairs.generate().getPublic()),
                Optional.of(old)));
  }

  private DatabaseRoute route(String database) throws IOException {
    return cluster().route(alice(), database);
  }

  private TlsIdentity alice() {
    return login.orElseThrow();
  }

  private Cluster cluster() {
    return running.orElseThrow();
  }
}
