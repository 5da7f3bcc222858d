package dev.sallyport.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.Database;
import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Role;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceReaderTest {
  /// The guide's file, letter by letter.
  private static final String GUIDE_ROLE =
      """
      kind: role
      version: v7
      metadata:
        name: aws-dynamodb-access
      spec:
        allow:
          db_labels:
            '*': '*'
          db_users:
          - 'ExampleTeleportDynamoDBRole'
      """;

  private static Role role(String text) {
    return (Role) ResourceReader.read(text, "role.yaml").getFirst();
  }

  @Test
  void the_role_of_the_guide_is_read_as_it_is_written() {
    var role = role(GUIDE_ROLE);
    assertThat(role.name()).isEqualTo("aws-dynamodb-access");
    assertThat(role.version()).isEqualTo("v7");
    assertThat(role.allow().dbLabels()).isEqualTo(LabelSelector.ALL);
    assertThat(role.allow().dbUsers()).containsExactly("ExampleTeleportDynamoDBRole");
    assertThat(role.deny().dbLabels().isEmpty()).isTrue();
    assertThat(role.options().maxSessionTtl()).isEqualTo(Duration.ofHours(30));
  }

  @Test
  void an_unknown_key_is_refused_with_its_line_and_what_was_meant() {
    assertThatThrownBy(
            () -> ResourceReader.read(GUIDE_ROLE.replace("db_users", "db_user"), "role.yaml"))
        .isInstanceOf(InvalidDocument.class)
        .hasMessage(
            "role.yaml: line 9, column 5: spec.allow.db_user: unknown key,"
                + " did you mean \"db_users\"?");
  }

  @Test
  void every_fault_is_told_at_once_in_the_order_of_the_text() {
    var text =
        """
        kind: role
        version: v99
        metadata:
          nme: x
        spec:
          options:
            max_session_ttl: soon
          allow:
            rules: {}
        ---
        kind: rol
        """;
    assertThatThrownBy(() -> ResourceReader.read(text, "r.yaml"))
        .hasMessage(
            """
            r.yaml: line 2, column 1: version: "v99" is not supported, supported are: \
            [v3, v4, v5, v6, v7, v8]
            r.yaml: line 4, column 3: metadata.name: is missing
            r.yaml: line 4, column 3: metadata.nme: unknown key, did you mean "name"?
            r.yaml: line 7, column 5: spec.options.max_session_ttl: "soon" is not a length of \
            time (expected: like 30m, 8h or 1h30m)
            r.yaml: line 9, column 5: spec.allow.rules: a map (expected: a list)
            r.yaml: line 11, column 1: kind: creating resources of type "rol" is not supported, \
            did you mean "role"?\
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "require_session_mfa, hardware_key_touch",
    "device_trust_mode, required",
    "pin_source_ip, true"
  })
  void a_role_that_asks_for_care_which_nobody_would_take_is_refused(String option, String value) {
    var text = GUIDE_ROLE.replace("spec:", "spec:\n  options:\n    " + option + ": " + value);
    assertThatThrownBy(() -> ResourceReader.read(text, "role.yaml"))
        .hasMessageContaining("line 7")
        .hasMessageContaining("spec.options." + option)
        .hasMessageContaining("would not be enforced");
  }

  @Test
  void every_option_that_is_obeyed_is_read_and_written_again() {
    var role =
        role(
            GUIDE_ROLE.replace(
                "spec:",
                """
                spec:
                  options:
                    max_session_ttl: 8h
                    client_idle_timeout: 10m
                    disconnect_expired_cert: yes
                    require_session_mfa: session
                    mfa_verification_interval: 30m
                    lock: strict
                    max_connections: 7
                    ignore_dynamic_labels: true
                    explain_denials: true\
                """));
    var options = role.options();
    assertThat(options.maxSessionTtl()).isEqualTo(Duration.ofHours(8));
    assertThat(options.clientIdleTimeout()).contains(Duration.ofMinutes(10));
    assertThat(options.disconnectExpiredCert()).isTrue();
    assertThat(options.requireSessionMfa()).isTrue();
    assertThat(options.mfaVerificationInterval()).contains(Duration.ofMinutes(30));
    assertThat(options.lock()).contains(LockingMode.STRICT);
    assertThat(options.maxConnections()).isEqualTo(7);
    assertThat(options.ignoreDynamicLabels()).isTrue();
    assertThat(options.explainDenials()).isTrue();
    assertThat(role(ResourceYaml.print(List.of(role)))).isEqualTo(role);
  }

  @ParameterizedTest
  @CsvSource({
    "client_idle_timeout, never",
    "client_idle_timeout, 0s",
    "require_session_mfa, off",
    "max_connections, 0",
    "device_trust_mode, optional"
  })
  void an_option_that_asks_for_nothing_is_as_if_absent(String option, String value) {
    var text = GUIDE_ROLE.replace("spec:", "spec:\n  options:\n    " + option + ": " + value);
    assertThat(role(text)).isEqualTo(role(GUIDE_ROLE));
  }

  @ParameterizedTest
  @CsvSource({
    "client_idle_timeout, soon",
    "client_idle_timeout, -5m",
    "lock, sometimes",
    "max_connections, -1",
    "disconnect_expired_cert, perhaps"
  })
  void an_option_that_can_not_be_read_is_told_with_its_place(String option, String value) {
    var text = GUIDE_ROLE.replace("spec:", "spec:\n  options:\n    " + option + ": " + value);
    assertThatThrownBy(() -> ResourceReader.read(text, "role.yaml"))
        .hasMessageContaining("line 7")
        .hasMessageContaining("spec.options." + option);
  }

  @Test
  void an_expression_is_kept_as_written() {
    var expression = "labels[\"env\"] == \"dev\"";
    var text =
        GUIDE_ROLE.replace(
            "db_labels:", "db_labels_expression: '" + expression + "'\n    db_labels:");
    var role = role(text);
    assertThat(role.allow().dbLabelsExpression()).contains(expression);
    assertThat(role(ResourceYaml.print(List.of(role)))).isEqualTo(role);
  }

  @Test
  void fields_without_effect_are_told_to_whoever_listens() {
    var warnings = new ArrayList<String>();
    var text =
        GUIDE_ROLE
            .replace("db_users:", "logins: [root]\n    node_labels: {a: b}\n    db_users:")
            .replace("spec:", "spec:\n  options:\n    forward_agent: true");
    ResourceReader.read(text, "role.yaml", warnings::add);
    assertThat(warnings)
        .containsExactly(
            "role.yaml: line 7, column 5: spec.options: forward_agent: kept, and without effect"
                + " here",
            "role.yaml: line 9, column 5: spec.allow: logins, node_labels: kept, and without"
                + " effect here");
    ResourceReader.read(GUIDE_ROLE, "role.yaml", warnings::add);
    assertThat(warnings).hasSize(2);
  }

  @Test
  void what_a_database_loses_is_told_unless_it_says_nothing() {
    var warnings = new ArrayList<String>();
    var text =
        """
        kind: db
        version: v3
        metadata: {name: orders}
        spec:
          protocol: dynamodb
          aws: {region: us-east-1, account_id: "123456789012", %s}
          %s
        """;
    ResourceReader.read(
        text.formatted(
            "redshift: {}, rds: {iam_auth: false, subnets: []}, opensearch: {domain_name: ''},"
                + " iam_policy_status: IAM_POLICY_STATUS_UNSPECIFIED",
            "mysql: {}\n  ad: {domain: '', spn: ''}"),
        "db.yaml",
        warnings::add);
    assertThat(warnings).isEmpty();
    ResourceReader.read(
        text.formatted("rds: {cluster_id: c}", "gcp: {project_id: p}"), "db.yaml", warnings::add);
    assertThat(warnings)
        .containsExactly(
            "db.yaml: line 6, column 56: spec.aws.rds: means nothing to DynamoDB, and is left"
                + " out",
            "db.yaml: line 7, column 3: spec.gcp: means nothing to DynamoDB, and is left out");
  }

  /// What a role says that says nothing, by its version.
  @ParameterizedTest
  @CsvSource({"v3,true", "v4,false", "v5,false", "v6,false", "v7,false", "v8,false"})
  void defaults_of_a_role_follow_its_version(String version, boolean all) {
    var role =
        role("kind: role\nversion: %s\nmetadata: {name: x}\nspec: {allow: {}}".formatted(version));
    assertThat(role.version()).isEqualTo(version);
    assertThat(role.allow().dbLabels()).isEqualTo(all ? LabelSelector.ALL : LabelSelector.NONE);
    assertThat(role.deny().dbLabels()).isEqualTo(LabelSelector.NONE);
    assertThat(role.allow().dbUsers()).isEmpty();
    assertThat(role.options().maxSessionTtl()).isEqualTo(Duration.ofHours(30));
    assertThat(role.options().requireSessionMfa()).isFalse();
    var empty =
        role(
            "kind: role\nversion: "
                + version
                + "\nmetadata: {name: x}\nspec: {allow: {db_labels: {}}}");
    assertThat(empty.allow().dbLabels()).isEqualTo(LabelSelector.NONE);
  }

  @Test
  void fields_for_other_products_are_kept_and_written_again() {
    var text =
        GUIDE_ROLE.replace("db_users:", "logins: [root, '{{internal.logins}}']\n    db_users:");
    var role = role(text);
    assertThat(role.allow().other())
        .isEqualTo(Map.of("logins", List.of("root", "{{internal.logins}}")));
    assertThat(role(ResourceYaml.print(List.of(role)))).isEqualTo(role);
  }

  @Test
  void only_a_v3_role_without_labels_means_all_labels() {
    var bare = "kind: role\nversion: %s\nmetadata: {name: x}\nspec: {allow: {db_users: [a]}}";
    assertThat(role(bare.formatted("v3")).allow().dbLabels()).isEqualTo(LabelSelector.ALL);
    assertThat(role(bare.formatted("v4")).allow().dbLabels()).isEqualTo(LabelSelector.NONE);
    assertThat(role(bare.formatted("v3")).deny().dbLabels()).isEqualTo(LabelSelector.NONE);
    var none = bare.formatted("v3").replace("db_users: [a]", "db_labels: {}");
    assertThat(role(none).allow().dbLabels()).isEqualTo(LabelSelector.NONE);
    assertThat(role(ResourceYaml.print(List.of(role(none))))).isEqualTo(role(none));
  }

  @Test
  void an_asterisk_without_quotes_is_explained() {
    assertThatThrownBy(() -> ResourceReader.read(GUIDE_ROLE.replace("'*': '*'", "*: *"), "r"))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("line 8")
        .hasMessageContaining("needs quotes: '*'");
  }

  @Test
  void a_user_as_teleport_prints_it_is_read() {
    var text =
        """
        kind: user
        version: v2
        metadata:
          name: alice@example.com
          id: 1678
          namespace: default
          revision: 5f8d
        spec:
          created_by:
            time: "2026-01-01T10:00:00.5Z"
            user:
              name: admin
          expires: "0001-01-01T00:00:00Z"
          roles: [access]
          status:
            is_locked: false
            lock_expires: "0001-01-01T00:00:00Z"
            locked_time: "0001-01-01T00:00:00Z"
            recovery_attempt_lock_expires: "0001-01-01T00:00:00Z"
          traits:
            db_users: [reader]
            db_names: null
        """;
    var user = (User) ResourceReader.read(text, "user.yaml").getFirst();
    assertThat(user.roles()).containsExactly("access");
    assertThat(user.traits()).containsEntry("db_users", List.of("reader"));
    assertThat(user.metadata().expires()).isEmpty();
    assertThat(user.createdBy().orElseThrow().user()).isEqualTo("admin");
    assertThat(user.status().lockExpires()).isEmpty();
  }

  @Test
  void a_password_hash_can_not_be_set_by_a_document() {
    var text =
        "kind: user\nversion: v2\nmetadata: {name: a}\nspec: {local_auth: {password_hash: x}}";
    assertThatThrownBy(() -> ResourceReader.read(text, "user.yaml"))
        .hasMessageContaining("spec.local_auth")
        .hasMessageNotContaining("unknown");
  }

  @Test
  void a_token_may_join_any_database_unless_it_names_them() {
    var text = "kind: token\nversion: v2\nmetadata: {name: t}\nspec: {roles: [db, Proxy]}";
    var token = (ProvisionToken) ResourceReader.read(text, "t").getFirst();
    assertThat(token.roles()).containsExactly(SystemRole.DB, SystemRole.PROXY);
    assertThat(token.joinMethod()).isEqualTo(JoinMethod.TOKEN);
    assertThat(token.databases()).containsExactly("*");
    var named = text.replace("roles:", "databases: [a, b], roles:");
    var bound = (ProvisionToken) ResourceReader.read(named, "t").getFirst();
    assertThat(bound.databases()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|provisioning token is missing roles",
        "{roles: [Node]}|role \"Node\" is not supported",
        "{roles: [Admin]}|unknown role: \"Admin\"",
        "{roles: [Db], join_method: iam}|the \"iam\" join method requires defined token allow"
            + " rules",
        "{roles: [Db], join_method: token, allow: [{aws_account: '1'}]}"
            + "|allow rules are not compatible with the \"token\" join method",
        "{roles: [Db], allow: [{aws_account: '1'}]}|aws_account: \"1\" (expected: 12 digits)",
        "{roles: [Db], bot_name: x}|can only set bot_name on token with role \"Bot\""
      })
  void a_token_that_could_not_be_used_as_written_is_refused(String spec, String message) {
    var text = "kind: token\nversion: v2\nmetadata: {name: t}\nspec: " + spec;
    assertThatThrownBy(() -> ResourceReader.read(text, "t")).hasMessageContaining(message);
  }

  @Test
  void the_region_of_a_database_comes_from_its_uri() {
    var text =
        """
        kind: db
        version: v3
        metadata: {name: example, labels: {env: dev}}
        spec:
          protocol: dynamodb
          uri: dynamodb.eu-west-1.amazonaws.com:443
          aws: {account_id: 012345678901}
        """;
    var database = (Database) ResourceReader.read(text, "db.yaml").getFirst();
    assertThat(database.aws().region()).isEqualTo("eu-west-1");
    assertThat(database.aws().accountId()).isEqualTo("012345678901");
    assertThatThrownBy(
            () -> ResourceReader.read(text.replace("aws: {", "aws: {region: us-east-1, "), "d"))
        .hasMessage(
            "d: line 7, column 9: spec.aws.region: database \"example\" AWS region \"us-east-1\""
                + " does not match the configured URI region \"eu-west-1\", omit the URI and it"
                + " will be derived automatically for the configured AWS region");
  }

  @ParameterizedTest
  @ValueSource(strings = {"node", "trusted_cluster"})
  void kinds_that_nobody_would_obey_are_refused(String kind) {
    assertThatThrownBy(() -> ResourceReader.read("kind: " + kind + "\nspec: {}", "x"))
        .hasMessageContaining("creating resources of type \"" + kind + "\" is not supported");
  }

  @Test
  void an_empty_text_holds_no_resources() {
    assertThat(ResourceReader.read("", "x")).isEmpty();
    assertThat(ResourceReader.read("---\n---\n# nothing\n", "x")).isEmpty();
  }

  @Test
  void presets_are_roles_that_say_they_are_presets() {
    assertThat(Presets.roles())
        .extracting(Role::name)
        .containsExactly("access", "editor", "auditor");
    assertThat(Presets.roles())
        .allSatisfy(role ->
            assertThat(role.metadata().labels()).containsEntry(Presets.LABEL, Presets.LABEL_VALUE));
    assertThat(Presets.roles().getFirst().allow().dbUsers())
        .containsExactly("{{internal.db_users}}");
  }
}
