package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.resources.ResourceReader;
import dev.sallyport.resources.ResourceYaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Secrets show up in one place.
@Tag("S11")
final class SecretsTest {
  static final String CONNECTORS =
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
}
