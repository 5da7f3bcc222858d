package dev.sallyport.resources.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.AllowedHost;
import dev.sallyport.model.AwsEndpointChoice;
import dev.sallyport.model.DatabaseMatcher;
import dev.sallyport.model.DynamicLabel;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.SystemRole;
import dev.sallyport.resources.InvalidDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TeleportFileTest {
  /// The guide's file; only its account id is a real form.
  private static final String AGENT =
      """
      version: v3
      teleport:
        nodename: CHANGEME
        data_dir: /var/lib/teleport
        proxy_server: teleport.example.com:443
        auth_token: /tmp/token
      db_service:
        enabled: true
        # Lists statically registered databases proxied by this agent.
        databases:
          - name: "example-dynamodb"
            protocol: "dynamodb"
            # optional uri, if uri is set then AWS region can be extracted from it
            # or if AWS region is already set then the regions must match.
            # uri: "dynamodb.us-east-1.amazonaws.com:443"
            static_labels:
              env: "dev"
            aws:
              region: "us-east-1"
              account_id: "123456789012"
      """;

  private static final String CLUSTER =
      """
      version: v3
      teleport:
        data_dir: /var/lib/teleport
        log: {severity: debug, format: {output: json}}
      auth_service:
        enabled: "yes"
        cluster_name: teleport.example.com
        listen_addr: 0.0.0.0:3025
        tokens:
        - "proxy,db:/path/of/token"
        authentication: {type: local, second_factor: off, default_session_ttl: 8h}
      proxy_service:
        enabled: yes
        web_listen_addr: 0.0.0.0:443
        public_addr: teleport.example.com:443
        https_keypairs:
        - key_file: /etc/tls/privkey.pem
          cert_file: /etc/tls/fullchain.pem
      ssh_service:
        enabled: no
      """;

  private static TeleportFile read(String text) {
    return TeleportFile.read(text, "teleport.yaml");
  }

  private static void refused(String text, String... messages) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InvalidDocument.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(messages));
  }

  @Test
  void the_agent_file_of_the_guide_runs_the_database_service_alone() {
    var file = read(AGENT);
    assertThat(file.auth()).isEmpty();
    assertThat(file.proxy()).isEmpty();
    assertThat(file.warnings()).isEmpty();
    assertThat(file.teleport().nodename()).contains("CHANGEME");
    assertThat(file.teleport().dataDir()).isEqualTo(Path.of("/var/lib/teleport"));
    assertThat(file.teleport().proxyServer().orElseThrow()).hasToString("teleport.example.com:443");
    assertThat(file.teleport().join()).isPresent();
    var database = file.db().orElseThrow().databases().getFirst();
    assertThat(database.name()).isEqualTo("example-dynamodb");
    assertThat(database.labels().values()).isEqualTo(Map.of("env", "dev"));
    assertThat(database.aws().region()).isEqualTo("us-east-1");
    assertThat(database.aws().accountId()).isEqualTo("123456789012");
    assertThat(database.uri()).isEmpty();
  }

  @Test
  void databases_of_the_cluster_are_chosen_by_labels_and_reached_by_a_role() {
    var db =
        read(AGENT
                + """
                  resources:
                  - labels: {env: [dev, test], team: a}
                  - labels: {'*': '*'}
                    aws: {assume_role_arn: 'arn:aws:iam::123456789012:role/Hop', external_id: x-1}
                    allow_hosts: ['localhost:8000', ddb.example.com]
                """)
            .db()
            .orElseThrow();
    assertThat(db.matchers())
        .containsExactly(
            new DatabaseMatcher(
                new LabelSelector(Map.of("env", List.of("dev", "test"), "team", List.of("a"))),
                Optional.empty(),
                Optional.empty()),
            new DatabaseMatcher(
                LabelSelector.ALL,
                Optional.of("arn:aws:iam::123456789012:role/Hop"),
                Optional.of("x-1"),
                List.of(
                    AllowedHost.parse("localhost:8000"), AllowedHost.parse("ddb.example.com"))));
    refused(AGENT + "  resources: [{labels: {a: b}, allow_hosts: [a/]}]\n", "allow_hosts");
    refused(
        AGENT + "  resources: [{labels: {a: b}, aws: {assume_role_arn: Hop}}]\n",
        "aws.assume_role_arn");
    refused(AGENT + "  resources: [{labels: {a: b}, aws: {external_id: x-1}}]\n", "external_id");
    refused(AGENT + "  resources: [{label: {a: b}}]\n", "unknown key, did you mean");
    assertThat(read(AGENT + "  resources: [{}]\n").warnings())
        .singleElement()
        .asString()
        .contains("chooses nothing");
  }

  @Test
  void endpoints_are_chosen_for_each_database() {
    var file =
        read(
            AGENT.replace(
                "      aws:\n",
                """
                streams_uri: vpce-0a-1b.streams.dynamodb.us-east-1.vpce.amazonaws.com
                dax_uri: dax.us-east-1.amazonaws.com
                aws:
                  use_fips_endpoint: no
                  use_dualstack_endpoint: yes
                  account_id_endpoint_mode: preferred
                """
                    .indent(6)));
    assertThat(file.warnings()).isEmpty();
    var database = file.db().orElseThrow().databases().getFirst();
    assertThat(database.serviceUris().dax()).contains("dax.us-east-1.amazonaws.com");
    assertThat(database.serviceUris().streams()).isPresent();
    assertThat(database.aws().endpoints())
        .isEqualTo(
            new AwsEndpointChoice(
                Optional.of(false),
                Optional.of(true),
                Optional.of(AwsEndpointChoice.Account.PREFERRED)));
    refused(
        AGENT.replace("      aws:\n", "      aws:\n        account_id_endpoint_mode: always\n"),
        "\"always\" (expected one of: disabled, preferred, required)");
  }

  @Test
  void a_cluster_file_is_read_whole() {
    var file = read(CLUSTER);
    var auth = file.auth().orElseThrow();
    assertThat(auth.clusterName()).contains("teleport.example.com");
    assertThat(auth.listenAddr()).hasToString("0.0.0.0:3025");
    assertThat(auth.tokens().getFirst().roles()).containsExactly(SystemRole.PROXY, SystemRole.DB);
    assertThat(auth.authentication().orElseThrow().sessions().defaultTtl())
        .isEqualTo(Duration.ofHours(8));
    var proxy = file.proxy().orElseThrow();
    assertThat(proxy.webListenAddr()).hasToString("0.0.0.0:443");
    assertThat(proxy.publicAddrs()).hasToString("[teleport.example.com:443]");
    assertThat(proxy.httpsKeypairs())
        .containsExactly(
            new ProxySection.KeyPairFiles(
                Path.of("/etc/tls/privkey.pem"), Path.of("/etc/tls/fullchain.pem")));
    assertThat(file.db()).isEmpty();
    assertThat(file.teleport().log().severity()).isEqualTo("DEBUG");
    assertThat(file.teleport().log().format()).isEqualTo("json");
    assertThat(file.warnings()).isEmpty();
  }

  @Test
  void without_a_server_to_join_auth_and_proxy_run_with_their_usual_addresses() {
    var file = read("version: v3\nteleport: {nodename: one}\n");
    assertThat(file.auth().orElseThrow().listenAddr()).hasToString("0.0.0.0:3025");
    assertThat(file.proxy().orElseThrow().webListenAddr()).hasToString("0.0.0.0:3080");
    assertThat(file.db()).isEmpty();
  }

  @Test
  void dynamic_labels_are_commands_with_a_period() {
    var text =
        AGENT.replace(
            "      aws:\n",
            """
                  dynamic_labels:
                  - name: kernel
                    command: [uname, -r]
                    period: 5m
                  - name: rack
                    command: [cat, /etc/rack]
                  aws:
            """);
    var labels = read(text).db().orElseThrow().databases().getFirst().dynamicLabels();
    assertThat(labels)
        .isEqualTo(
            Map.of(
                "kernel",
                new DynamicLabel(List.of("uname", "-r"), Duration.ofMinutes(5), Optional.empty()),
                "rack",
                new DynamicLabel(
                    List.of("cat", "/etc/rack"), Duration.ofHours(1), Optional.empty())));
    refused(text.replace("5m", "10ms"), "period: 0.01s (expected: 1s or more)");
    refused(text.replace("name: rack", "name: kernel"), "name: comes twice");
    refused(text.replace("command: [uname, -r]", "command: []"), "command: 0 words");
  }

  @Test
  void an_unknown_key_is_refused_with_line_field_and_what_was_meant() {
    refused(
        AGENT.replace("data_dir", "datadir").replace("static_labels", "static_label"),
        "teleport.yaml: line 4, column 3: teleport.datadir: unknown key, did you mean"
            + " \"data_dir\"?\n",
        "teleport.yaml: line 16, column 7: db_service.databases[0].static_label: unknown key, did"
            + " you mean \"static_labels\"?");
    refused(AGENT.replace("db_service", "db_servce"), "line 7", "did you mean \"db_service\"?");
  }

  @Test
  void a_wrong_region_is_refused_with_the_stated_message_at_its_line() {
    refused(
        AGENT.replace("# uri:", "uri:").replace("region: \"us-east-1\"", "region: \"us-west-2\""),
        "teleport.yaml: line 19, column 9: db_service.databases[0].aws.region: database"
            + " \"example-dynamodb\" AWS region \"us-west-2\" does not match the configured URI"
            + " region \"us-east-1\", omit the URI and it will be derived automatically for the"
            + " configured AWS region");
  }

  @Test
  void the_placeholder_of_the_guide_is_no_account() {
    refused(
        AGENT.replace("123456789012", "abcd1234-this-is-an-example"),
        "line 20, column 9: db_service.databases[0].aws.account_id",
        "must be 12-digit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "proxy_server: a:443, auth_server: b:3025~only one of auth_server or proxy_server should be"
            + " set",
        "proxy_server: a:443, auth_token: x, join_params: {method: token, token_name: y}~only one"
            + " of auth_token or join_params should be set",
        "auth_servers: [a:3025]~config v3 has replaced auth_servers with either auth_server or"
            + " proxy_server",
        "auth_server: a:3025~config: when db_service is enabled, proxy_server must be specified"
            + " instead of auth_server",
        "proxy_server: a:443, data_dir: ''~please supply data directory",
        "proxy_server: a:443, join_params: {method: gcp, token_name: y}~join method \"gcp\" is not"
            + " supported by this version, supported are: [token, iam",
        "proxy_server: a:443, join_params: {method: iam}~join_params.token_name: must name the"
            + " token whose allow rules let this host in",
        "proxy_server: a:443, join_params: {method: magic, token_name: y}~unknown join method"
            + " \"magic\", known are: [token, ec2,",
        "proxy_server: 'https://a:443'~\"https://a:443\" (expected: host:port, without https://)",
        "proxy_server: a:443, log: {severity: loud}~unsupported logger severity: \"LOUD\""
      })
  void what_contradicts_itself_in_teleport_is_refused(String teleport, String message) {
    refused(
        "version: v3\nteleport: {" + teleport + "}\ndb_service: {enabled: yes}", "line 2", message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "version: v3\\nteleport: {proxy_server: a:443}\\nproxy_service: {enabled: yes}~proxy_server"
            + " can not be specified when proxy service is enabled",
        "version: v3\\nauth_service: {enabled: no}~config: auth_server or proxy_server is required",
        "version: v3\\nauth_service: {enabled: no}\\nproxy_service: {enabled: no}~config: enable at"
            + " least one of auth_service, ssh_service,",
        "version: v9~config: version must be one of v1, v2, v3",
        "version: v2\\nteleport: {proxy_server: a:443}~proxy_server is supported from config"
            + " version v3 onwards",
        "version: v3\\nproxy_service: {enabled: no}\\ndb_service: {enabled: yes}~db_service needs a"
            + " Proxy Service",
        "version: v3\\nauth_service: {tokens: ['db']}~invalid static token spec",
        "version: v3\\nauth_service: {tokens: ['node:canary']}~invalid static token spec:"
            + " \"node:…\"",
        "version: v3\\nauth_service: {authentication: {second_factors: [sso]}}~would not be asked"
            + " for",
        "version: v3\\nauth_service: {breached_passwords: list.txt}~breached_passwords:"
            + " \"list.txt\" (expected: an absolute path)",
        "version: v3\\nauth_service: {message_of_the_day: a, authentication: {message_of_the_day:"
            + " b}}~auth_service.message_of_the_day: stands also in authentication",
        "version: v3\\nauth_service: {message_of_the_day: \"\\e[1m\"}~with control characters",
        "version: v3\\nauth_service: {client_idle_timeout: 1s}~client_idle_timeout: 1s (expected:"
            + " at least 1m)",
        "version: v3\\nauth_service: {web_idle_timeout: soon}~auth_service.web_idle_timeout:",
        "version: v3\\nteleport: {connection_limits: {max_connections: some}}~max_connections:"
            + " \"some\" (expected: a number)",
        "version: v3\\nauth_service: {enabled: perhaps}~(expected: yes or no)",
        "version: v3\\nproxy_service: {https_keypairs: [{key_file: a}]}~cert_file: is missing",
        "version: v3\\nproxy_service: {acme: {enabled: yes}}~is not supported by this version",
        "[a, b]~a list (expected: a map)",
        "version: v3\\n---\\nversion: v3~a second document"
      })
  void what_contradicts_itself_between_sections_is_refused(String text, String message) {
    refused(text.replace("\\n", "\n"), message);
  }

  @Test
  void message_of_the_day_stands_where_it_does_elsewhere() {
    var alone = TeleportFile.read("version: v3\nauth_service: {message_of_the_day: Be kind.}", "f");
    var preference = alone.auth().orElseThrow().authentication().orElseThrow();
    assertThat(preference.messageOfTheDay()).contains("Be kind.");
    assertThat(preference.secondFactors().word()).isEqualTo("off");
    assertThat(alone.warnings()).isEmpty();
  }

  @Test
  void idle_times_stand_beside_authentication() {
    var file =
        TeleportFile.read(
            """
            version: v3
            teleport: {connection_limits: {max_connections: 500}}
            auth_service:
              client_idle_timeout: 15m
              client_idle_timeout_message: The coffee was too long.
              web_idle_timeout: 10m
              authentication: {second_factor: on}
            """,
            "f");
    var preference = file.auth().orElseThrow().authentication().orElseThrow();
    assertThat(preference.secondFactors().word()).isEqualTo("on");
    assertThat(preference.sessions().idle().client()).contains(Duration.ofMinutes(15));
    assertThat(preference.sessions().idle().message()).contains("The coffee was too long.");
    assertThat(preference.sessions().idle().web()).contains(Duration.ofMinutes(10));
    assertThat(file.teleport().maxConnections()).isEqualTo(500);
    assertThat(file.warnings()).isEmpty();
    assertThat(TeleportFile.read("version: v3", "f").auth().orElseThrow().authentication())
        .isEmpty();
  }

  @Test
  void all_faults_are_told_together() {
    var text =
        AGENT.replace("dynamodb\"\n", "mysql\"\n").replace("v3", "v4").replace("/tmp/token", "[a]");
    assertThatThrownBy(() -> read(text))
        .satisfies(e -> assertThat(((InvalidDocument) e).faults()).hasSizeGreaterThan(2));
  }

  @Test
  void a_known_key_without_effect_is_warned_of_with_its_line() {
    var text =
        AGENT.replace("teleport:\n", "teleport:\n  advertise_ip: 10.0.0.1\n")
            + "  aws: [{types: [rds]}]\nssh_service: {enabled: yes, labels: {a: b}}\n";
    assertThat(read(text).warnings())
        .hasSize(3)
        .contains("teleport.yaml: line 3, column 3: teleport.advertise_ip: has no effect here")
        .anySatisfy(w -> assertThat(w).contains("db_service.aws: has no effect"))
        .anySatisfy(w -> assertThat(w).contains("ssh_service: is no service of this product"));
    assertThat(read(AGENT.replace(":443", ":3025")).warnings())
        .singleElement()
        .asString()
        .contains("looks like the auth port");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "proxy_protocol: on~needs proxy_protocol_peers: the addresses of the load balancers",
        "proxy_protocol: maybe~\"maybe\" (expected: on or off)",
        "proxy_protocol: on, proxy_protocol_peers: [lb.example.com]~\"lb.example.com\" is no"
            + " network",
        "proxy_protocol: on, proxy_protocol_peers: [10.0.0.1/8]~has bits beyond its length",
        "proxy_protocol_peers: [10.0.0.0/8]~needs proxy_protocol: on",
        "https_keypairs_reload_interval: 100ms~expected: 1s to 24h, or 0s"
      })
  void who_stands_in_front_of_the_proxy_is_told_whole(String proxy, String message) {
    refused(
        "version: v3\nproxy_service: {enabled: yes, " + proxy + "}\nauth_service: {enabled: yes}",
        "line 2",
        message);
  }

  @Test
  void load_balancers_and_the_pace_of_reloads_are_read() {
    var text =
        "version: v3\n"
            + "auth_service: {enabled: yes}\n"
            + "proxy_service: {enabled: yes, proxy_protocol: on, proxy_protocol_peers:"
            + " [10.0.0.0/24, '::1'], https_keypairs_reload_interval: 0s}\n";
    var proxy = read(text).proxy().orElseThrow();
    assertThat(proxy.balancers()).hasToString("[10.0.0.0/24, 0:0:0:0:0:0:0:1/128]");
    assertThat(proxy.reloadEvery()).isZero();
  }

  @Test
  void a_token_is_a_value_or_a_file_that_is_read_when_it_is_needed(@TempDir Path folder)
      throws IOException {
    var file = folder.resolve("token");
    var source =
        read(AGENT.replace("/tmp/token", file.toString())).teleport().join().map(JoinParams::token);
    assertThatThrownBy(() -> source.orElseThrow().read())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("there is no file " + file)
        .hasMessageContaining("tctl tokens add");
    Files.writeString(file, "  canary-token\n");
    assertThat(source.orElseThrow().read()).isEqualTo("canary-token");
    assertThat(source.toString()).doesNotContain("canary");
    Files.writeString(file, "\n");
    assertThatThrownBy(() -> source.orElseThrow().read()).hasMessageContaining("is empty");
    var value = read(AGENT.replace("/tmp/token", "canary-value"));
    assertThat(value.teleport().join().orElseThrow().token().read()).isEqualTo("canary-value");
    assertThat(value.toString()).doesNotContain("canary");
  }

  @Test
  void pins_are_values_or_files_with_one_on_each_line(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("pins"), "sha256:aa\n\n sha256:bb \n");
    var text = AGENT.replace("auth_token", "ca_pin: [sha256:cc, " + file + "]\n  auth_token");
    assertThat(read(text).teleport().caPins().read())
        .containsExactly("sha256:cc", "sha256:aa", "sha256:bb");
    assertThat(read(text.replace("[sha256:cc, " + file + "]", "sha256:dd")).teleport().caPins())
        .isEqualTo(new CaPinSource(List.of("sha256:dd")));
  }

  @Test
  void the_authority_of_an_endpoint_is_read_from_its_file(@TempDir Path folder) throws IOException {
    var pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    var file = Files.writeString(folder.resolve("ca.pem"), pem);
    var text =
        AGENT.replace(
            "aws:\n", "uri: https://localhost:8443\n      tls: {ca_cert_file: %s}\n      aws:\n");
    var database = read(text.formatted(file)).db().orElseThrow().databases().getFirst();
    assertThat(database.tls().caCertPem()).contains(pem);
    assertThat(database.endpoint().orElseThrow().host()).isEqualTo("localhost");
    refused(text.formatted(folder.resolve("none.pem")), "tls.ca_cert_file: there is no file");
    refused(text.replace("ca_cert_file: %s", "mode: insecure"), "supported are: [verify-full]");
  }

  @Test
  void a_file_that_is_not_there_is_told(@TempDir Path folder) throws IOException {
    var missing = folder.resolve("none.yaml");
    assertThatThrownBy(() -> TeleportFile.read(missing))
        .isInstanceOf(InvalidDocument.class)
        .hasMessage(missing + ": there is no file " + missing);
    var file = Files.writeString(folder.resolve("teleport.yaml"), AGENT);
    assertThat(TeleportFile.read(file)).isEqualTo(read(AGENT));
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> TeleportFile.read(file)).hasMessageContaining("not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "'yes'", "\"on\"", "true", "True", "TRUE", "on"})
  void yes_is_understood_in_every_spelling(String yes) {
    assertThat(read(AGENT.replace("enabled: true", "enabled: " + yes)).db()).isPresent();
  }

  @Test
  void random_changes_of_a_file_are_read_or_refused_and_nothing_else() {
    var random = new Random(31);
    var pieces = List.of("*", "&a", "!!x ", "\t", "{", "[", "- ", ":", "\n", "'", "no", "~");
    for (int i = 0; i < 500; i++) {
      var changed = new StringBuilder(random.nextBoolean() ? AGENT : CLUSTER);
      for (int n = random.nextInt(4); n >= 0; n--) {
        int at = random.nextInt(changed.length());
        if (random.nextBoolean()) {
          changed.deleteCharAt(at);
        } else {
          changed.insert(at, pieces.get(random.nextInt(pieces.size())));
        }
      }
      try {
        read(changed.toString());
      } catch (InvalidDocument expected) {
        assertThat(expected.getMessage()).startsWith("teleport.yaml: ");
      }
    }
  }
}
