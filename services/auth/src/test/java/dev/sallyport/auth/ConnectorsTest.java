package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.Pem;
import dev.sallyport.resources.ResourceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connectors are kept with their secrets, and give them to nobody who may not read them.
final class ConnectorsTest {
  private static final String OIDC =
      """
      kind: oidc
      metadata: {name: google}
      spec:
        issuer_url: https://accounts.example.com
        client_id: id
        client_secret: canary-client-secret
        redirect_url: https://proxy.example.com/v1/webapi/oidc/callback
        claims_to_roles: [{claim: groups, value: dev, roles: [access]}]
      """;
  private static final String SAML =
      """
      kind: saml
      metadata: {name: okta}
      spec:
        acs: https://proxy.example.com/v1/webapi/saml/acs/okta
        entity_descriptor_url: https://okta.example.com/metadata
        attributes_to_roles: [{name: groups, value: dev, roles: [access]}]
      """;

  @TempDir Path folder = Path.of("never");

  private static AuthConnector read(String text) {
    return (AuthConnector) ResourceReader.read(text, "c.yaml").getFirst();
  }

  @Test
  void aSecretThatADocumentLeavesOutIsTheKeptOne() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      refused(() -> admin.create(read(OIDC).withoutSecrets(), false), ErrorKind.BAD_PARAMETER);
      var created = (AuthConnector) admin.create(read(OIDC), false);
      assertThat(created.secrets()).isEmpty();
      var open = (AuthConnector) admin.get(Kind.OIDC, "google");
      assertThat(open.secrets()).isEmpty();
      // Fetched without, edited, stored: still there.
      admin.update(open);
      admin.create(open, true);
      assertThat(((AuthConnector) admin.get(Kind.OIDC, "google", true)).secrets())
          .isEqualTo(Map.of("client_secret", Secret.of("canary-client-secret")));
    }
  }

  @Test
  void theKeptSecretIsNotSentToAnotherPlace() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      admin.create(read(OIDC), false);
      for (var change :
          Map.of("accounts.example.com", "evil.example.com", "client_id: id", "client_id: mine")
              .entrySet()) {
        var moved = read(OIDC.replace(change.getKey(), change.getValue()));
        assertThatThrownBy(() -> admin.create(moved.withoutSecrets(), true))
            .hasMessageContaining("spec.client_secret: is missing, and the kept one is not used");
        admin.create(moved, true);
        admin.create(read(OIDC), true);
      }
    }
  }

  @Test
  void samlKeysAreMadeOnceAndKept() throws Exception {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      admin.create(read(SAML), false);
      var made = (AuthConnector) admin.get(Kind.SAML, "okta", true);
      var cert = String.valueOf(made.setting("signing_key_pair.cert").orElseThrow());
      assertThat(Pem.certificate(cert).getSubjectX500Principal().getName())
          .isEqualTo("CN=example.com");
      assertThat(made.secrets())
          .hasEntrySatisfying(
              "signing_key_pair.private_key",
              key -> assertThat(key.reveal()).startsWith("-----BEGIN PRIVATE KEY-----"));
      // Without any pair, and with the certificate alone, the kept key stays.
      admin.create(read(SAML), true);
      admin.create(admin.get(Kind.SAML, "okta"), true);
      assertThat(((AuthConnector) admin.get(Kind.SAML, "okta", true)).secrets())
          .isEqualTo(made.secrets());
      var other = read(SAML + "  signing_key_pair: {cert: other}\n");
      assertThatThrownBy(() -> admin.create(other, true))
          .hasMessageContaining("spec.signing_key_pair.private_key: is missing");
    }
  }

  @Test
  void onlyWhoseRolesSaySoMayTouchThem() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.admin().create(read(OIDC), false);
      cluster.user("eve", "access");
      cluster.user("bob", "editor");
      var eve = cluster.client(cluster.signIn("eve"));
      refused(() -> eve.list(Kind.OIDC, false), ErrorKind.ACCESS_DENIED);
      refused(() -> eve.create(read(SAML), false), ErrorKind.ACCESS_DENIED);
      refused(() -> eve.delete(Kind.OIDC, "google"), ErrorKind.ACCESS_DENIED);
      var bob = cluster.client(cluster.signIn("bob"));
      bob.create(read(SAML), false);
      assertThat(bob.list(Kind.SAML, false)).hasSize(1);
      bob.delete(Kind.OIDC, "google");
      refused(() -> bob.get(Kind.OIDC, "google"), ErrorKind.NOT_FOUND);
    }
  }
}
