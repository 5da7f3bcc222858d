package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.EndWebSessionRequest;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.pki.authority.JoinCertificate;
import dev.sallyport.resources.ResourceJson;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Every route with every kind of identity: only the diagonal passes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RouteAccessTest {
  private enum Who {
    ADMIN,
    PROXY,
    DB,
    EDITOR,
    PLAIN_USER,
    ROUTE_HOLDER,
    WEB_SESSION,
    ENDED_WEB_SESSION,
    DELETED_USER,
    JOINING
  }

  private static final Set<Who> BY_RULES = EnumSet.of(Who.ADMIN, Who.EDITOR);
  private static final Set<Who> SERVICES = EnumSet.of(Who.PROXY, Who.DB);
  private static final Set<Who> USERS = EnumSet.of(Who.EDITOR, Who.PLAIN_USER);
  private static final Set<Who> PEOPLE = EnumSet.of(Who.ADMIN, Who.EDITOR, Who.PLAIN_USER);
  private static final Set<Who> WEB = EnumSet.of(Who.EDITOR, Who.PLAIN_USER, Who.WEB_SESSION);
  private static final Set<Who> PROXY = EnumSet.of(Who.PROXY);
  private static final Set<Who> MEMBERS =
      EnumSet.complementOf(EnumSet.of(Who.ENDED_WEB_SESSION, Who.JOINING));

  private record Probe(String method, String path, String body, Set<Who> allowed) {}

  private static final String ROLE = ResourceJson.toJson(Cluster.devRole("probe")).toString();

  private static final String WINDOW = "from=2030-01-01T00:00:00Z&to=2030-01-02T00:00:00Z";

  private static final List<Probe> PROBES =
      List.of(
          new Probe("GET", "/v1/status", "", MEMBERS),
          new Probe("GET", "/v1/trust", "", MEMBERS),
          new Probe("POST", "/v1/join", "{}", EnumSet.of(Who.JOINING)),
          new Probe("PUT", "/v1/heartbeat/proxy", "{}", EnumSet.of(Who.PROXY)),
          new Probe("POST", "/v1/authorities/rotation", "{}", EnumSet.of(Who.ADMIN)),
          new Probe("POST", "/v1/certificates/host", "{}", SERVICES),
          new Probe("GET", "/v1/resources/role", "", BY_RULES),
          new Probe("GET", "/v1/resources/cert_authority", "", PEOPLE),
          new Probe("GET", "/v1/resources/cluster_auth_preference", "", PEOPLE),
          new Probe(
              "GET", "/v1/resources/cert_authority?with_secrets=true", "", EnumSet.of(Who.ADMIN)),
          new Probe("GET", "/v1/resources/github?with_secrets=true", "", BY_RULES),
          new Probe("GET", "/v1/access/explain?user=a&db=b&db_user=c", "", BY_RULES),
          new Probe("GET", "/v1/resources/token?with_secrets=true", "", BY_RULES),
          new Probe("GET", "/v1/resources/role/access", "", BY_RULES),
          new Probe("POST", "/v1/resources", ROLE, BY_RULES),
          new Probe("POST", "/v1/resources?force=true", ROLE, BY_RULES),
          new Probe("PUT", "/v1/resources", ROLE, BY_RULES),
          new Probe("DELETE", "/v1/resources/role/nothing", "", BY_RULES),
          new Probe("POST", "/v1/users", "{}", BY_RULES),
          new Probe("PATCH", "/v1/users/nobody", "{}", BY_RULES),
          new Probe("POST", "/v1/users/nobody/reset", "{}", BY_RULES),
          new Probe("POST", "/v1/tokens", "{}", BY_RULES),
          new Probe("GET", "/v1/databases", "", WEB),
          new Probe("POST", "/v1/certificates/database", "{}", USERS),
          new Probe("POST", "/v1/certificates/user", "{}", EnumSet.of(Who.ADMIN)),
          new Probe("PUT", "/v1/heartbeat/databases", "{}", EnumSet.of(Who.DB)),
          new Probe("DELETE", "/v1/heartbeat/databases", "", EnumSet.of(Who.DB)),
          new Probe("POST", "/v1/audit/events", "{}", SERVICES),
          new Probe("POST", "/v1/audit/journal", "{}", EnumSet.of(Who.DB)),
          new Probe("GET", "/v1/audit/key", "", EnumSet.of(Who.DB)),
          new Probe("GET", "/v1/audit/search?" + WINDOW, "", EnumSet.of(Who.ADMIN)),
          new Probe("GET", "/v1/audit/tail", "", EnumSet.of(Who.ADMIN)),
          new Probe("GET", "/v1/audit/sessions?" + WINDOW, "", EnumSet.of(Who.ADMIN)),
          new Probe("GET", "/v1/audit/top?" + WINDOW, "", EnumSet.of(Who.ADMIN)),
          new Probe("GET", "/v1/audit/chains", "", EnumSet.of(Who.ADMIN)),
          new Probe("GET", "/v1/audit/chain?name=a/b", "", EnumSet.of(Who.ADMIN)),
          new Probe("GET", "/v1/audit/index", "", EnumSet.of(Who.ADMIN)),
          new Probe("GET", "/v1/audit/state", "", EnumSet.of(Who.ADMIN)),
          new Probe("GET", "/v1/watch?kinds=token", "", SERVICES),
          new Probe("POST", "/v1/proxy/login", "{}", PROXY),
          new Probe("GET", "/v1/mfa/devices", "", WEB),
          new Probe("POST", "/v1/mfa/devices", "{}", WEB),
          new Probe("POST", "/v1/mfa/devices/finish", "{}", WEB),
          new Probe("POST", "/v1/mfa/devices/00/remove", "{}", WEB),
          new Probe("POST", "/v1/account/password", "{}", WEB),
          new Probe("POST", "/v1/mfa/challenges", "{}", WEB),
          new Probe("POST", "/v1/mfa/console", "{}", USERS),
          new Probe("POST", "/v1/proxy/login/begin", "{}", PROXY),
          new Probe("POST", "/v1/proxy/console", "{}", PROXY),
          new Probe("GET", "/v1/proxy/console/00", "", PROXY),
          new Probe("POST", "/v1/proxy/console/00/sign-in", "{}", PROXY),
          new Probe("POST", "/v1/proxy/console/00/approve", "{}", PROXY),
          new Probe("POST", "/v1/proxy/console/00/reject", "{}", PROXY),
          new Probe("POST", "/v1/proxy/console/00/cancel", "{}", PROXY),
          new Probe("POST", "/v1/proxy/invites/00/enroll", "{}", PROXY),
          new Probe("POST", "/v1/proxy/join", "{}", PROXY),
          new Probe("POST", "/v1/proxy/token", "{}", PROXY),
          new Probe("GET", "/v1/proxy/invites/00", "", PROXY),
          new Probe("POST", "/v1/proxy/invites/00", "{}", PROXY),
          new Probe("POST", "/v1/proxy/web/sessions", "{}", PROXY),
          new Probe("POST", "/v1/proxy/web/certificates", "{}", PROXY),
          new Probe("POST", "/v1/proxy/web/sessions/end", "{}", PROXY));

  private final Map<Who, TlsIdentity> identities = new EnumMap<>(Who.class);
  private Optional<Cluster> running = Optional.empty();

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    var cluster = new Cluster(folder);
    running = Optional.of(cluster);
    cluster.admin().create(Cluster.devRole("dev"), false);
    for (var name : List.of("plain", "gone")) {
      cluster.user(name, "dev");
    }
    cluster.user("ed", "editor");
    var agent = cluster.join(SystemRole.DB);
    cluster.client(agent.identity()).heartbeat(Cluster.heartbeat(Cluster.database("db", "dev")));
    identities.put(Who.ADMIN, cluster.adminIdentity());
    identities.put(Who.PROXY, cluster.proxyIdentity());
    identities.put(Who.DB, agent.identity());
    identities.put(Who.EDITOR, cluster.signIn("ed"));
    identities.put(Who.PLAIN_USER, cluster.signIn("plain"));
    identities.put(Who.ROUTE_HOLDER, cluster.route(cluster.signIn("plain"), "db").identity());
    identities.put(Who.WEB_SESSION, cluster.webSession("ed").identity());
    var ended = cluster.webSession("ed");
    identities.put(Who.ENDED_WEB_SESSION, ended.identity());
    cluster.proxy().endWebSession(new EndWebSessionRequest(ended.session(), "192.0.2.1"));
    identities.put(Who.DELETED_USER, cluster.signIn("gone"));
    identities.put(
        Who.JOINING, JoinCertificate.of(KeyPairs.generate(), cluster.clock, new SecureRandom()));
    cluster.admin().delete(dev.sallyport.model.Kind.USER, "gone");
  }

  @AfterAll
  void stop() {
    cluster().close();
  }

  @Test
  void onlyTheDiagonalPasses() throws IOException {
    for (var probe : PROBES) {
      for (var who : Who.values()) {
        var identity = Optional.ofNullable(identities.get(who)).orElseThrow();
        var status = client(identity).status(probe.method(), probe.path(), probe.body());
        var what = who + " " + probe.method() + " " + probe.path();
        if (probe.allowed().contains(who)) {
          assertThat(status).as(what).isNotIn(0, 403, 500, 503);
        } else {
          assertThat(status).as(what).isEqualTo(403);
        }
      }
    }
  }

  /// Apart from the rest, since whoever passes is signed out by it.
  @Test
  void usersAloneSignOut() throws IOException {
    for (var who : Who.values()) {
      var identity =
          switch (who) {
            case EDITOR -> cluster().signIn("ed");
            case PLAIN_USER -> cluster().signIn("plain");
            case ADMIN,
                PROXY,
                DB,
                ROUTE_HOLDER,
                WEB_SESSION,
                ENDED_WEB_SESSION,
                DELETED_USER,
                JOINING ->
                identity(who);
          };
      assertThat(client(identity).status("DELETE", "/v1/sign-in", ""))
          .as("%s", who)
          .isEqualTo(USERS.contains(who) ? 200 : 403);
    }
  }

  @Test
  void whatIsNotInTheTableDoesNotExist() throws IOException {
    for (var path : List.of("/", "/v1", "/v1/proxy/invites", "/v1/nothing", "/v1/status/x")) {
      assertThat(client(identity(Who.ADMIN)).status("GET", path, "")).as(path).isEqualTo(404);
    }
    assertThat(client(identity(Who.ADMIN)).status("POST", "/v1/status", "")).isIn(404, 405);
  }

  @Test
  void refusalsAreAudited() throws IOException {
    client(identity(Who.ROUTE_HOLDER)).status("GET", "/v1/databases", "");
    assertThat(Recorded.in(cluster().folder))
        .contains("T3007W")
        .contains("the holder of a database certificate");
  }

  @Test
  void handshakeNeedsCertificateProtocolNameAndNewestTls() throws IOException {
    var admin = Optional.of(identity(Who.ADMIN));
    var port = cluster().auth().boundPort();
    assertThat(get(new RawClient(port, admin, "teleport-auth", "TLSv1.3"))).isEqualTo(200);
    assertThat(get(new RawClient(port, Optional.empty(), "teleport-auth", "TLSv1.3"))).isZero();
    assertThat(get(new RawClient(port, admin, "", "TLSv1.3"))).isZero();
    assertThat(get(new RawClient(port, admin, "http/1.1", "TLSv1.3"))).isZero();
    assertThat(get(new RawClient(port, admin, "teleport-dynamodb", "TLSv1.3"))).isZero();
    assertThat(get(new RawClient(port, admin, "teleport-auth", "TLSv1.2"))).isZero();
  }

  @Test
  void strangersAndImpostorsDoNotFinishTheHandshake() throws IOException {
    var random = new SecureRandom();
    var clock = cluster().clock;
    var end = Cluster.START.plus(Duration.ofHours(1));
    var users = CertificateAuthority.create(CaKind.USER, Cluster.NAME, clock, random);
    var hosts = CertificateAuthority.create(CaKind.HOST, Cluster.NAME, clock, random);
    var keys = KeyPairs.generate();
    var user =
        new UserIdentity(
            Cluster.NAME,
            "ed",
            List.of("editor"),
            Map.of(),
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var foreignUser = users.issueUser(user, keys.getPublic(), end);
    assertThat(get(client(new TlsIdentity(keys.getPrivate(), List.of(foreignUser))))).isZero();
    var admin = new HostIdentity(Cluster.NAME, "0", SystemRole.ADMIN);
    var foreignHost = hosts.issueHost(admin, keys.getPublic(), Set.of(), Set.of(), end);
    assertThat(get(client(new TlsIdentity(keys.getPrivate(), List.of(foreignHost))))).isZero();
    assertThat(get(client(hosts.identity(keys.getPrivate(), foreignHost)))).isZero();
  }

  @Test
  void certificateEndsOnALivingConnectionToo(@TempDir Path other) throws IOException {
    try (var cluster = new Cluster(other)) {
      cluster.user("alice", "access");
      var client = cluster.client(cluster.signIn("alice"));
      assertThat(client.databases()).isEmpty();
      cluster.pass(Duration.ofHours(13));
      AuthServiceTest.refused(client::databases, dev.sallyport.control.ErrorKind.ACCESS_DENIED);
    }
  }

  private static int get(RawClient client) throws IOException {
    return client.status("GET", "/v1/status", "");
  }

  private RawClient client(TlsIdentity identity) {
    return new RawClient(cluster().auth().boundPort(), identity);
  }

  private TlsIdentity identity(Who who) {
    return Optional.ofNullable(identities.get(who)).orElseThrow();
  }

  private Cluster cluster() {
    return running.orElseThrow();
  }
}
