package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.DatabaseEvent;
import dev.sallyport.audit.DatabaseMetadata;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.audit.SessionMetadata;
import dev.sallyport.audit.UserEvent;
import dev.sallyport.audit.UserMetadata;
import dev.sallyport.control.AuditBatch;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.DatabaseHeartbeat;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.HealthReport;
import dev.sallyport.control.JoinRequest;
import dev.sallyport.control.TokenLabels;
import dev.sallyport.control.TokenQuestion;
import dev.sallyport.model.AwsCallerRule;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Joining, announcing, reporting: a host gets what it proved, and speaks for itself alone.
final class HostsTest extends OneCluster {
  @Test
  void joinGivesExactlyTheIdentityThatWasProven() throws Exception {
    var joined = cluster().join(SystemRole.DB);
    var leaf = joined.identity().leaf();
    assertThat(ClaimedIdentity.of(leaf).identity())
        .isEqualTo(new HostIdentity(Cluster.NAME, joined.hostId(), SystemRole.DB));
    assertThat(leaf.getSubjectAlternativeNames())
        .singleElement()
        .satisfies(name -> assertThat(name.get(1)).isEqualTo(joined.hostId() + ".example.com"));
    assertThat(cluster().join(SystemRole.DB).hostId()).isNotEqualTo(joined.hostId());
  }

  @Test
  void aTokenThatIsTriedAtAScriptsAddressIsOnRecord() throws IOException {
    var question = new TokenQuestion(Secret.of("0123456789abcdef"), "203.0.113.77");
    refused(() -> cluster().proxy().tokenLabels(question), ErrorKind.ACCESS_DENIED);
    var tries =
        cluster().admin().auditLog().search(AuditLogTest.window("type", "instance.join")).events();
    assertThat(tries)
        .filteredOn(event -> event.toString().contains("203.0.113.77"))
        .singleElement()
        .satisfies(event ->
            assertThat(event.toString())
                .contains("\"success\":false", "the token is not valid")
                .doesNotContain("0123456789abcdef"));
  }

  /// The name of such a token is no secret: who asks hears how to join, and joins no other way.
  @Test
  void aTokenOfAnotherMethodIsToldByItsNameAndLetsNobodyInByIt() throws IOException {
    var rule = new AwsCallerRule(Optional.of("123456789012"), Optional.empty());
    cluster()
        .admin()
        .create(
            new ProvisionToken(
                Metadata.named("hosts-of-aws"),
                List.of(SystemRole.DB),
                new JoinTerms.AwsCallers(List.of(rule)),
                List.of(ProvisionToken.ANY_DATABASE),
                Map.of("suggested_agent_matcher_labels", Map.of("env", List.of("dev")))),
            false);
    var name = Secret.of("hosts-of-aws");
    assertThat(cluster().proxy().tokenLabels(new TokenQuestion(name, "203.0.113.78")))
        .isEqualTo(new TokenLabels(JoinMethod.IAM, Map.of("env", List.of("dev"))));
    assertThatThrownBy(
            () -> cluster().proxy().join(Cluster.joining(name, "Db", KeyPairs.generate())))
        .hasMessage("this token does not support the TOKEN join method, but iam");
  }

  @Test
  void eachConditionAloneRefusesAJoin() throws IOException {
    var proxy = cluster().proxy();
    var keys = KeyPairs.generate();
    var token = token("db");
    var right = Cluster.joining(token, "Db", keys);
    assertThat(proxy.join(right).hostId()).isNotEmpty();
    assertThat(proxy.join(Cluster.joining(token, "db", keys)).hostId()).isNotEmpty();
    for (var role : List.of("Proxy", "Auth", "Admin", "Node", "", "x".repeat(5000))) {
      refused(() -> proxy.join(Cluster.joining(token, role, keys)), ErrorKind.ACCESS_DENIED);
    }
    for (var other : List.of("", "no-such-token", token.reveal() + "0", "../token", "a/b")) {
      refused(
          () -> proxy.join(Cluster.joining(Secret.of(other), "Db", keys)), ErrorKind.ACCESS_DENIED);
    }
    refused(
        () ->
            proxy.join(
                new JoinRequest(token, "Db", "no key", Optional.empty(), "node", "192.0.2.9")),
        ErrorKind.BAD_PARAMETER);
    cluster().pass(Duration.ofMinutes(30));
    refused(() -> proxy.join(right), ErrorKind.ACCESS_DENIED);
    assertThat(log()).contains("TJ002I").contains("TJ002E").doesNotContain(token.reveal());
  }

  @Test
  void askingForAnotherHostsIdGivesAFreshOneAndLeavesTheOtherAlone() throws IOException {
    var victim = cluster().join(SystemRole.DB);
    var asked =
        new JoinRequest(
            token("db"),
            "Db",
            Pem.encode(KeyPairs.generate().getPublic()),
            Optional.of(victim.hostId()),
            "node",
            "192.0.2.9");
    assertThat(cluster().proxy().join(asked).hostId()).isNotEqualTo(victim.hostId());
    cluster().client(victim.identity()).heartbeat(Cluster.heartbeat());
  }

  @Test
  void eventsThatWereOnRecordBeforeARestartAreStillKnown() throws IOException {
    var agent = cluster().join(SystemRole.DB);
    var event = ended("uid-9", Cluster.NAME, agent.hostId());
    cluster().client(agent.identity()).audit(batch(event));
    cluster().restart();
    assertThat(cluster().client(agent.identity()).audit(batch(event)).accepted()).isEqualTo(1);
    assertThat(log().split("uid-9", -1)).hasSize(2);
  }

  @Test
  void deletedTokenLetsNobodyInAndBadOnesAreNotMade() throws IOException {
    var admin = cluster().admin();
    var token = token("db");
    admin.delete(Kind.TOKEN, token.reveal());
    refused(
        () -> cluster().proxy().join(Cluster.joining(token, "Db", KeyPairs.generate())),
        ErrorKind.ACCESS_DENIED);
    for (var role : List.of("auth", "admin", "node")) {
      refused(() -> token(role), ErrorKind.BAD_PARAMETER);
    }
    refused(
        () ->
            admin.createToken(
                new CreateTokenRequest(
                    List.of("db"), Optional.empty(), Optional.of(Secret.of("1234567")), List.of())),
        ErrorKind.BAD_PARAMETER);
  }

  @Test
  void hostAnnouncesWhatItsTokenAllowsAndOnlyForItself() throws IOException {
    var one = cluster().join(SystemRole.DB, "orders", "carts");
    var other = cluster().join(SystemRole.DB);
    var client = cluster().client(one.identity());
    client.heartbeat(
        Cluster.heartbeat(Cluster.database("orders", "dev"), Cluster.database("carts", "prod")));
    cluster()
        .client(other.identity())
        .heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));
    assertThat(names())
        .containsExactlyInAnyOrder(
            one.hostId() + "/orders", one.hostId() + "/carts", other.hostId() + "/orders");
    assertThatThrownBy(() ->
            client.heartbeat(
                Cluster.heartbeat(
                    Cluster.database("orders", "dev"), Cluster.database("secrets", "dev"))))
        .hasMessageContaining("\"secrets\"")
        .hasMessageContaining("orders");
    client.heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));
    assertThat(names()).doesNotContain(one.hostId() + "/carts");
    client.endHeartbeat();
    assertThat(names()).containsExactly(other.hostId() + "/orders");
    cluster().pass(Duration.ofMinutes(10));
    assertThat(names()).isEmpty();
  }

  @Test
  void whatAHostSaysOfHealthStandsWithItsDatabase() throws IOException {
    var client = cluster().client(cluster().join(SystemRole.DB).identity());
    var plain =
        Cluster.heartbeat(Cluster.database("orders", "dev"), Cluster.database("carts", "dev"));
    var since = Instant.parse("2026-11-01T00:00:00Z");
    client.heartbeat(
        new DatabaseHeartbeat(
            plain.hostname(),
            plain.version(),
            plain.databases(),
            plain.rotation(),
            Optional.of(
                List.of(
                    new HealthReport(
                        "orders",
                        "a:443",
                        "unhealthy",
                        "initialized",
                        since,
                        Optional.of("refused")),
                    new HealthReport(
                        "carts", "a:443", "of-the-future", "initialized", since, Optional.empty()),
                    new HealthReport(
                        "secrets", "a:443", "healthy", "initialized", since, Optional.empty())))));
    assertThat(cluster().admin().list(Kind.DB_SERVER, false))
        .extracting(
            server -> server.metadata().name() + " " + ((DatabaseServer) server).healthStatus())
        .containsExactlyInAnyOrder("orders UNHEALTHY", "carts UNKNOWN");
  }

  @Test
  void manyDatabasesAreAnnouncedAndWithdrawn() throws IOException {
    var agent = cluster().join(SystemRole.DB);
    var client = cluster().client(agent.identity());
    var many =
        java.util.stream.IntStream.range(0, 300)
            .mapToObj(i -> Cluster.database("db-" + i, "dev"))
            .toArray(dev.sallyport.model.Database[]::new);
    client.heartbeat(Cluster.heartbeat(many));
    assertThat(names()).hasSize(300);
    client.endHeartbeat();
    assertThat(names()).isEmpty();
  }

  @Test
  void externalIdStaysWithTheAgent() throws IOException {
    var agent = cluster().join(SystemRole.DB);
    cluster()
        .client(agent.identity())
        .heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));
    var server = (DatabaseServer) cluster().admin().list(Kind.DB_SERVER, true).getFirst();
    assertThat(server.database().aws().externalId()).isEmpty();
  }

  @Test
  void hostReportsItsOwnEventsOnceEach() throws IOException {
    var agent = cluster().join(SystemRole.DB);
    var other = cluster().join(SystemRole.DB);
    var client = cluster().client(agent.identity());
    var event = ended("uid-1", Cluster.NAME, agent.hostId());
    assertThat(client.audit(batch(event, event)).accepted()).isEqualTo(2);
    assertThat(client.audit(batch(event)).accepted()).isEqualTo(1);
    assertThat(log().split("uid-1", -1)).hasSize(2);

    refused(
        () -> client.audit(batch(ended("uid-2", Cluster.NAME, other.hostId()))),
        ErrorKind.ACCESS_DENIED);
    refused(
        () -> client.audit(batch(ended("uid-2", "other.example.com", agent.hostId()))),
        ErrorKind.ACCESS_DENIED);
    var login =
        new UserEvent.UserLogin(
            new EventHeader("uid-3", Cluster.START, Cluster.NAME, 0),
            UserMetadata.named("alice"),
            "local",
            true,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    refused(() -> client.audit(batch(login)), ErrorKind.ACCESS_DENIED);
    refused(
        () -> cluster().proxy().audit(batch(ended("uid-4", Cluster.NAME, agent.hostId()))),
        ErrorKind.ACCESS_DENIED);
    assertThat(log()).doesNotContain("uid-2").doesNotContain("uid-3").doesNotContain("uid-4");
    // An id that another host used hides nothing.
    var theirs = cluster().client(other.identity());
    assertThat(theirs.audit(batch(ended("uid-1", Cluster.NAME, other.hostId()))).accepted())
        .isEqualTo(1);
    assertThat(log().split("uid-1", -1)).hasSize(3);
  }

  private Secret token(String role) throws IOException {
    ProvisionToken token =
        cluster()
            .admin()
            .createToken(
                new CreateTokenRequest(
                    List.of(role), Optional.empty(), Optional.empty(), List.of()));
    return Secret.of(token.metadata().name());
  }

  private List<String> names() throws IOException {
    return cluster().admin().list(Kind.DB_SERVER, false).stream()
        .map(server -> server.resourceName())
        .toList();
  }

  private static AuditBatch batch(AuditEvent... events) {
    return new AuditBatch(
        List.of(events).stream().<tools.jackson.databind.JsonNode>map(AuditJson::toJson).toList());
  }

  private static AuditEvent ended(String uid, String cluster, String serverId) {
    return new DatabaseEvent.DbSessionEnd(
        new EventHeader(uid, Cluster.START, cluster, 0),
        UserMetadata.named("alice"),
        new SessionMetadata("s", Optional.empty(), "none"),
        DatabaseMetadata.of(
            Cluster.database("orders", "dev"), "https://x", "ReadOnly", Optional.empty()),
        serverId,
        Cluster.START,
        Cluster.START,
        3);
  }

  private String log() {
    return Recorded.in(folder);
  }
}
