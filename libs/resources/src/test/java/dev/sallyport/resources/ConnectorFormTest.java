package dev.sallyport.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.Kind;
import dev.sallyport.model.RoleMapping;
import dev.sallyport.model.Secret;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectorFormTest {
  private static final String GITHUB =
      """
      kind: github
      version: v3
      metadata: {name: github}
      spec:
        client_id: id
        client_secret: canary-1
        display: GitHub
        redirect_url: https://proxy.example.com/v1/webapi/github/callback
        endpoint_url: https://github.com
        api_endpoint_url: https://api.github.com
        teams_to_roles:
        - {organization: octocats, team: admins, roles: [access, editor]}
        client_redirect_settings:
          allowed_https_hostnames: [a.example.com]
          insecure_allowed_cidr_ranges: [10.0.0.0/8]
      """;
  private static final String OIDC =
      """
      kind: oidc
      version: v3
      metadata: {name: google}
      spec:
        issuer_url: https://accounts.google.com
        client_id: id
        client_secret: canary-2
        redirect_url: [https://proxy.example.com/v1/webapi/oidc/callback]
        scope: [email, groups]
        claims_to_roles:
        - {claim: groups, value: '^dev-(.*)$', roles: ['$1']}
        prompt: select_account
        acr_values: x
        provider: google
        max_age: 1h
        username_claim: sub
        allow_unverified_email: false
        google_service_account: canary-3
        google_admin_email: root@example.com
        pkce_mode: enabled
        mfa: {enabled: true, client_id: other, client_secret: canary-4}
      """;
  private static final String SAML =
      """
      kind: saml
      version: v2
      metadata: {name: okta}
      spec:
        acs: https://proxy.example.com/v1/webapi/saml/acs/okta
        entity_descriptor_url: https://okta.example.com/metadata
        attributes_to_roles:
        - {name: groups, value: '*', roles: [access]}
        provider: adfs
        preferred_request_binding: http-post
        signing_key_pair: {cert: c1, private_key: canary-5}
        assertion_key_pair: {cert: c2, private_key: canary-6}
        allow_idp_initiated: true
        force_authn: yes
      """;

  @Test
  void mappings_and_their_patterns_are_bounded() {
    var mapping = "{organization: octocats, team: admins, roles: [access, editor]}";
    assertThat(read(GITHUB.replace("- " + mapping, lines(mapping, 1000))).mappings()).hasSize(1000);
    assertThatThrownBy(() -> read(GITHUB.replace("- " + mapping, lines(mapping, 1001))))
        .hasMessageContaining("spec.teams_to_roles: 1001 entries (at most 1000)");
    assertThatThrownBy(() -> read(OIDC.replace("^dev-(.*)$", "^" + "a".repeat(1000) + "$")))
        .hasMessageContaining("a pattern of 1002 characters (at most 1000)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "^dev-(.*)$~team-$1~",
        "^dev-(.*)$~team-${1}-x~",
        "^dev-(.*)$~$0~",
        "^dev-(.*)$~cost-$$1~",
        "^(a)-(b)$~$2-$1~",
        "^dev-(?P<team>.*)$~team-${team}~",
        "dev-*~team-$1~",
        "*-*~$2~",
        "admins~access~",
        "admins~a$~",
        "^dev-(.*)$~team-$2~\"$2\" in \"team-$2\" stands for no group: VALUE \"^dev-(.*)$\" has"
            + " 1 (write ${1}, or $$ for a dollar)",
        "^(a)-(b)$~${3}~\"${3}\" in \"${3}\" stands for no group: VALUE \"^(a)-(b)$\" has 2"
            + " (write ${1} to ${2}, or $$ for a dollar)",
        "^dev-(.*)$~$1_rw~\"$1_rw\" in \"$1_rw\" stands for no group: VALUE \"^dev-(.*)$\" has 1"
            + " (write ${1}_rw, or $$ for a dollar)",
        "^dev-(.*)$~${team}~\"${team}\" in \"${team}\" stands for no group: VALUE"
            + " \"^dev-(.*)$\" has 1 (write ${1}, or $$ for a dollar)",
        "admins~$1~\"$1\" in \"$1\" stands for no group: VALUE \"admins\" has none (write an"
            + " expression with a group, such as ^dev-(.*)$, or $$ for a dollar)",
        "dev-*~$99999999999~\"$99999999999\" in \"$99999999999\" stands for no group: VALUE"
            + " \"dev-*\" has 1 (write ${1}, or $$ for a dollar)"
      })
  void a_role_refers_only_to_groups_that_its_value_has(
      String value, String role, @Nullable String problem) {
    for (var mapping :
        Map.of(
                "spec.teams_to_roles[0].roles",
                GITHUB.replace(
                    "{organization: octocats, team: admins, roles: [access, editor]}",
                    "{organization: octocats, team: '%s', roles: ['%s']}".formatted(value, role)),
                "spec.claims_to_roles[0].roles",
                mapped(OIDC, "claim", value, role),
                "spec.attributes_to_roles[0].roles",
                mapped(SAML, "name", value, role))
            .entrySet()) {
      if (problem == null) {
        assertThat(read(mapping.getValue()).mappings()).hasSize(1);
      } else {
        var field = mapping.getKey().contains("teams") ? "team" : "value";
        assertThatThrownBy(() -> read(mapping.getValue()))
            .hasMessageContaining(mapping.getKey() + ": " + problem.replace("VALUE", field));
      }
    }
  }

  private static String mapped(String connector, String name, String value, String role) {
    var list = name.equals("claim") ? "claims_to_roles" : "attributes_to_roles";
    var begin = connector.indexOf("  " + list + ":");
    var rest = connector.substring(begin).lines().skip(1).dropWhile(l -> l.startsWith("  - "));
    return connector.substring(0, begin)
        + "  %s: [{%s: groups, value: '%s', roles: ['%s']}]\n".formatted(list, name, value, role)
        + rest.collect(Collectors.joining("\n"));
  }

  private static String lines(String mapping, int count) {
    return String.join("\n  ", Collections.nCopies(count, "- " + mapping));
  }

  private static AuthConnector read(String text) {
    return (AuthConnector) ResourceReader.read(text, "c.yaml").getFirst();
  }

  @Test
  void secrets_are_apart_from_the_settings() {
    var github = read(GITHUB);
    assertThat(github.kind()).isEqualTo(Kind.GITHUB);
    assertThat(github.secrets()).isEqualTo(Map.of("client_secret", Secret.of("canary-1")));
    assertThat(github.mappings())
        .containsExactly(new RoleMapping("octocats", "admins", List.of("access", "editor")));
    assertThat(read(OIDC).secrets().keySet())
        .containsExactlyInAnyOrder("client_secret", "google_service_account", "mfa.client_secret");
    assertThat(read(SAML).secrets().keySet())
        .containsExactlyInAnyOrder(
            "signing_key_pair.private_key", "assertion_key_pair.private_key");
  }

  @Test
  void each_kind_reads_back_as_it_was_written_with_and_without_its_secrets() {
    for (var text : List.of(GITHUB, OIDC, SAML)) {
      var connector = read(text);
      assertThat(ResourceReader.read(ResourceYaml.print(List.of(connector)), "y"))
          .isEqualTo(List.of(connector));
      assertThat(ResourceJson.fromJson(ResourceJson.toJson(connector))).isEqualTo(connector);
      var open = connector.withoutSecrets();
      assertThat(ResourceYaml.print(List.of(open))).doesNotContain("canary");
      assertThat(open.toString() + connector).doesNotContain("canary");
      assertThat(ResourceJson.fromJson(ResourceJson.toJson(open))).isEqualTo(open);
    }
  }

  /// Documents as they come from elsewhere, and what must still be in them afterwards.
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '|',
      value = {
        "o~prompt: select_account~prompt: ''~prompt~||",
        "o~prompt: select_account~prompt: consent~prompt~consent",
        "o~prompt: select_account~user_matchers: ['*@example.com',"
            + " bob]~user_matchers~[*@example.com, bob]",
        "g~display: GitHub~user_matchers: [octo-*]~user_matchers~[octo-*]",
        "s~provider: adfs~entity_descriptor: <xml/>~entity_descriptor~<xml/>",
        "s~provider: adfs~entity_descriptor:"
            + " <xml/>~entity_descriptor_url~https://okta.example.com/metadata",
        "s~provider: adfs~issuer: i~entity_descriptor_url~https://okta.example.com/metadata"
      })
  void what_may_be_there_is_kept_as_it_was(
      String which, String old, String with, String field, String kept) {
    var text =
        switch (which) {
          case "g" -> GITHUB;
          case "o" -> OIDC;
          default -> SAML;
        };
    var connector = read(text.replace(old, with));
    assertThat(connector.settings().get(field)).hasToString(kept);
    assertThat(ResourceReader.read(ResourceYaml.print(List.of(connector)), "y"))
        .isEqualTo(List.of(connector));
  }

  @Test
  void no_prompt_is_not_the_same_as_an_empty_one() {
    assertThat(read(OIDC.replace("  prompt: select_account\n", "")).settings())
        .doesNotContainKey("prompt");
  }

  /// Values are literal, globs or regular expressions; roles may have what a group found.
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "^dev-(.*)$~$1",
        "^(a|b)-(?P<team>.*)$~team-${2}",
        "dev-*~$1",
        "*~access",
        "literal.value+x~access",
        "^half~access"
      })
  void a_mapping_is_kept_as_written(String value, String role) {
    var mapping = "{claim: groups, value: '%s', roles: ['%s']}".formatted(value, role);
    var connector =
        read(OIDC.replace("{claim: groups, value: '^dev-(.*)$', roles: ['$1']}", mapping));
    assertThat(connector.mappings())
        .containsExactly(new RoleMapping("groups", value, List.of(role)));
    assertThat(ResourceReader.read(ResourceYaml.print(List.of(connector)), "y"))
        .isEqualTo(List.of(connector));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "g~client_id: id~client_ids: id~spec.client_ids: unknown key, did you mean \"client_id\"?",
        "g~https://proxy~http://proxy~spec.redirect_url: \"http://proxy.example.com/v1/webapi/",
        "g~teams_to_roles~teams_to_role~spec.teams_to_roles: is missing (without it nobody would",
        "g~roles: [access, editor]~roles: []~spec.teams_to_roles[0].roles: is missing",
        "g~team: admins~team: ''~spec.teams_to_roles[0].team: is missing",
        "o~^dev-(.*)$~^dev-(.*$~spec.claims_to_roles[0].value: \"^dev-(.*$\" is not a pattern",
        "o~pkce_mode: enabled~pkce_mode: on~spec.pkce_mode: \"on\" (expected: one of [enabled,",
        "o~https://accounts~ftp://accounts~spec.issuer_url: \"ftp://accounts.google.com\""
            + " (expected",
        "o~max_age: 1h~max_age: soon~spec.max_age",
        "s~entity_descriptor_url: https://okta.example.com/metadata~audience:"
            + " x~spec.entity_descrip",
        "s~http-post~http-put~spec.preferred_request_binding: \"http-put\" (expected: one of",
        "s~cert: c1, ~~spec.signing_key_pair.cert: is missing"
      })
  void what_is_wrong_is_told_with_its_field(String which, String old, String with, String message) {
    var text =
        switch (which) {
          case "g" -> GITHUB;
          case "o" -> OIDC;
          default -> SAML;
        };
    var changed =
        text.replaceFirst(
            java.util.regex.Pattern.quote(old),
            with == null ? "" : java.util.regex.Matcher.quoteReplacement(with));
    assertThat(changed).isNotEqualTo(text);
    assertThatThrownBy(() -> read(changed))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("c.yaml: line ")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("canary"));
  }
}
