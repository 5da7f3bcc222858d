package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.resources.ResourceReader;
import dev.sallyport.resources.ResourceYaml;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Secrets are good for one thing, and show up in one place.
final class SecretsTest {
  private static final String CONNECTORS =
      """
      kind: github
      metadata: {name: github}
      spec:
        client_id: id
        client_secret: canary-github-secret
        redirect_url: https://proxy.example.com/callback
        teams_to_roles: [{organization: o, team: t, roles: [access]}]
      ---
      kind: oidc
      metadata: {name: oidc}
      spec:
        issuer_url: https://idp.example.com
        client_id: id
        client_secret: canary-oidc-secret
        google_service_account: canary-google-account
        redirect_url: https://proxy.example.com/callback
        claims_to_roles: [{claim: c, value: v, roles: [access]}]
        mfa: {client_id: m, client_secret: canary-mfa-secret}
      ---
      kind: saml
      metadata: {name: saml}
      spec:
        acs: https://proxy.example.com/acs
        entity_descriptor_url: https://idp.example.com/metadata
        attributes_to_roles: [{name: n, value: v, roles: [access]}]
        signing_key_pair: {cert: c, private_key: canary-saml-key}
      """;
  private static final List<String> CANARIES =
      List.of(
          "canary-github-secret",
          "canary-oidc-secret",
          "canary-google-account",
          "canary-mfa-secret",
          "canary-saml-key",
          "canary-join-token-0123456789",
          "BEGIN PRIVATE KEY",
          Cluster.PASSWORD,
          "$argon2");

  @TempDir Path folder = Path.of("never");

  @Test
  void markedSecretsShowUpForWhoAsksForThemAndNowhereElse() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      var shown = new StringBuilder();
      for (var connector : ResourceReader.read(CONNECTORS, "c")) {
        shown.append(ResourceYaml.print(List.of(admin.create(connector, false))));
        shown.append(ResourceYaml.print(List.of(admin.create(connector, true))));
        shown.append(admin.get(connector.kind(), connector.resourceName()));
      }
      admin.createToken(
          new CreateTokenRequest(
              List.of("db"),
              Optional.empty(),
              Optional.of(Secret.of("canary-join-token-0123456789")),
              List.of()));
      cluster.user("alice", "editor");
      cluster.signIn("alice");
      var invite =
          admin.createUser(
              new CreateUserRequest("bob", List.of("access"), Map.of(), Optional.empty()));
      var link = Cluster.token(invite);
      for (var client : List.of(admin, cluster.client(cluster.signIn("alice")))) {
        shown.append(client.status());
        for (var kind : Kind.values()) {
          if (kind != Kind.DB_SERVER) {
            var found = client.list(kind, false);
            shown.append(ResourceYaml.print(found)).append(found);
          }
        }
      }
      assertThatThrownBy(() -> admin.get(Kind.TOKEN, "canary-join-token-0123456789-not"))
          .satisfies(e -> shown.append(e.getMessage()));
      assertThat(CANARIES).allSatisfy(canary -> assertThat(shown).doesNotContain(canary));
      assertThat(log()).doesNotContain("secrets.read");
      var whole = new StringBuilder();
      for (var kind : List.of(Kind.GITHUB, Kind.OIDC, Kind.SAML, Kind.TOKEN, Kind.CERT_AUTHORITY)) {
        whole.append(ResourceYaml.print(admin.list(kind, true)));
      }
      assertThat(CANARIES.subList(0, 7)).allSatisfy(canary -> assertThat(whole).contains(canary));
      assertThat(log().split("secrets.read", -1)).hasSize(6);
      assertThat(CANARIES).allSatisfy(canary -> assertThat(log()).doesNotContain(canary));
      assertThat(log() + shown).doesNotContain(link);
    }
  }

  private String log() {
    return Recorded.in(folder);
  }

  /// Everything that takes a secret, by what it does with one.
  private static Map<String, ThrowingCallable> doors(Cluster cluster, String secret) {
    var doors = new LinkedHashMap<String, ThrowingCallable>();
    doors.put(
        "join as Db",
        () -> cluster.proxy().join(Cluster.joining(Secret.of(secret), "Db", KeyPairs.generate())));
    doors.put(
        "join as Proxy",
        () ->
            cluster.proxy().join(Cluster.joining(Secret.of(secret), "Proxy", KeyPairs.generate())));
    doors.put("look at an invite", () -> cluster.proxy().invite(secret));
    doors.put(
        "set a password",
        () ->
            cluster
                .proxy()
                .setPassword(
                    secret, new SetPasswordRequest(Secret.of(Cluster.PASSWORD), "192.0.2.1")));
    doors.put("sign in", () -> cluster.proxy().login(signIn(secret)));
    return doors;
  }

  /// From an address of its own, so that no failure before it holds it up.
  private static LoginRequest signIn(String secret) {
    var usual = Cluster.login("alice", secret, KeyPairs.generate());
    return new LoginRequest(
        usual.user(),
        usual.password(),
        usual.otp(),
        usual.publicKey(),
        usual.ttl(),
        "198.51.100." + (secret.hashCode() & 0x7f));
  }

  @Test
  void everySecretOpensItsOwnDoorAndNoOther() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "access");
      var own =
          Map.of(
              "join token", List.of("join as Db"),
              "old join token", List.<String>of(),
              "deleted join token", List.<String>of(),
              "invite", List.of("look at an invite", "set a password"),
              "used invite", List.<String>of(),
              "old invite", List.<String>of(),
              "reset link", List.of("look at an invite", "set a password"),
              "replaced reset link", List.<String>of(),
              "password", List.of("sign in"),
              "name of a role", List.<String>of());
      var secrets = secrets(cluster);
      assertThat(secrets.keySet()).isEqualTo(own.keySet());
      secrets.forEach((kind, secret) ->
          doors(cluster, secret)
              .forEach((door, call) -> {
                if (own.getOrDefault(kind, List.of()).contains(door)) {
                  assertThatCode(call).as(kind + " → " + door).doesNotThrowAnyException();
                } else {
                  assertThatThrownBy(call).as(kind + " → " + door).isNotNull();
                }
              }));
    }
  }

  private static Map<String, String> secrets(Cluster cluster) throws IOException {
    var secrets = new LinkedHashMap<String, String>();
    secrets.put("old join token", joinToken(cluster));
    secrets.put("old invite", invite(cluster, "old"));
    cluster.pass(Duration.ofHours(2));
    var admin = cluster.admin();
    secrets.put("deleted join token", joinToken(cluster));
    admin.delete(Kind.TOKEN, String.valueOf(secrets.get("deleted join token")));
    secrets.put("used invite", invite(cluster, "used"));
    cluster
        .proxy()
        .setPassword(
            String.valueOf(secrets.get("used invite")),
            new SetPasswordRequest(Secret.of(Cluster.PASSWORD), "192.0.2.1"));
    secrets.put("join token", joinToken(cluster));
    secrets.put("invite", invite(cluster, "bob"));
    var reset = new ResetUserRequest(Optional.empty());
    secrets.put("replaced reset link", Cluster.token(admin.resetUser("used", reset)));
    secrets.put("reset link", Cluster.token(admin.resetUser("used", reset)));
    secrets.put("password", Cluster.PASSWORD);
    secrets.put("name of a role", "access");
    return secrets;
  }

  private static String joinToken(Cluster cluster) throws IOException {
    return cluster
        .admin()
        .createToken(
            new CreateTokenRequest(List.of("Db"), Optional.empty(), Optional.empty(), List.of("*")))
        .metadata()
        .name();
  }

  private static String invite(Cluster cluster, String user) throws IOException {
    return Cluster.token(
        cluster
            .admin()
            .createUser(
                new CreateUserRequest(user, List.of("access"), Map.of(), Optional.empty())));
  }
}
