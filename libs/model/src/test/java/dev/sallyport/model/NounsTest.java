package dev.sallyport.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NounsTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", ".", "..", " a", "a ", "a\nb", "a\u0000", "a\u202eb"})
  void names_that_would_break_paths_or_lines_are_refused(String name) {
    assertThatThrownBy(() -> Metadata.named(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_name_has_a_greatest_length() {
    assertThat(Metadata.named("x".repeat(255)).name()).hasSize(255);
    assertThatThrownBy(() -> Metadata.named("x".repeat(256)))
        .hasMessage("metadata.name is 256 characters long, at most 255 are allowed");
  }

  @Test
  void a_token_prints_everything_but_its_name() {
    var token =
        new ProvisionToken(
            Metadata.named("canary-token"), List.of(SystemRole.DB), JoinTerms.SECRET, List.of("*"));
    assertThat(token.toString()).doesNotContain("canary");
  }

  @Test
  void a_token_gives_at_least_one_role_and_never_admin() {
    assertThatThrownBy(() ->
            new ProvisionToken(Metadata.named("t"), List.of(), JoinTerms.SECRET, List.of("*")))
        .hasMessage("provisioning token is missing roles");
    var admin = List.of(SystemRole.DB, SystemRole.ADMIN);
    assertThatThrownBy(
            () -> new ProvisionToken(Metadata.named("t"), admin, JoinTerms.SECRET, List.of("*")))
        .hasMessageStartingWith("unknown role: \"Admin\"");
  }

  @Test
  void an_authority_without_secrets_has_no_key() {
    var pair = new CertAuthority.KeyPair("cert", Optional.of(Secret.of("key")));
    var authority =
        new CertAuthority(
            Metadata.named("user"), "user", "example.com", List.of(pair), List.of(pair));
    assertThat(authority.withoutSecrets().active().getFirst().keyPem()).isEmpty();
    assertThat(authority.withoutSecrets().additional().getFirst().keyPem()).isEmpty();
  }

  @Test
  void changing_what_a_noun_was_made_from_does_not_change_the_noun() {
    var values = new ArrayList<>(List.of("a"));
    var traits = new HashMap<String, List<String>>(Map.of("db_users", values));
    var user = new User(Metadata.named("alice"), values, traits, Optional.empty());
    values.add("b");
    traits.clear();
    assertThat(user.roles()).containsExactly("a");
    assertThat(user.traits()).isEqualTo(Map.of("db_users", List.of("a")));
  }

  @Test
  void kinds_are_known_by_their_plural_and_short_forms() {
    assertThat(Kind.parse("roles")).contains(Kind.ROLE);
    assertThat(Kind.parse("DB")).contains(Kind.DB);
    assertThat(Kind.parse("ca")).contains(Kind.CERT_AUTHORITY);
    assertThat(Kind.parse("node")).isEmpty();
  }

  @Test
  void quoted_text_stays_on_one_line_and_short() {
    assertThat(Quoted.of("a\n\"b\u001b")).isEqualTo("\"a\\u000a\\\"b\\u001b\"");
    assertThat(Quoted.of("x".repeat(1_000))).hasSize(Quoted.MAX_SHOWN + 3);
  }

  @Test
  void a_database_server_is_kept_by_host_and_database() {
    var database =
        new Database(
            Metadata.named("example"),
            "dynamodb",
            Optional.empty(),
            DatabaseAws.of("us-east-1", "123456789012"),
            DatabaseTls.SYSTEM);
    var server = new DatabaseServer(Metadata.named("example"), "host-1", "node", "1.0.0", database);
    assertThat(server.resourceName()).isEqualTo("host-1/example");
    assertThatThrownBy(
            () -> new DatabaseServer(Metadata.named("other"), "host-1", "node", "1.0.0", database))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
