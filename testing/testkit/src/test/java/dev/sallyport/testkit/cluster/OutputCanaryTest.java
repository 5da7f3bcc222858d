package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.SampleTables;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A marked secret in every place that holds one, in a whole cluster that is used rightly and
/// wrongly: none of them is in what any command prints, in the log, in the measurements, in an
/// answer of the web door, or in the audit log. The commands that are there to hand one out show
/// that one and no other.
@Tag("S11")
class OutputCanaryTest {
  private static final String CLIENT_SECRET = "canary-client-secret-4711";
  private static final String SERVICE_ACCOUNT = "canary-service-account-4711";
  private static final String MFA_SECRET = "canary-mfa-secret-4711";
  private static final String SAML_KEY = "canarysamlkey4711";
  private static final String WRONG_PASSWORD = "canary of a wrong password";
  private static final String EXTERNAL_ID = "canary-external-id-4711";
  private static final Pattern LINK = Pattern.compile("https://\\S+/web/(invite|reset)/(\\S+)");
  private static final Pattern KEY = Pattern.compile("PRIVATE KEY-----\\s+([A-Za-z0-9+/=]{24,})");
  private static final Pattern COOKIE = Pattern.compile("__Host-\\w+=([A-Za-z0-9_-]{20,});");
  private static final List<String> KINDS =
      List.of(
          "role",
          "user",
          "token",
          "db",
          "db_server",
          "cert_authority",
          "cap",
          "github",
          "oidc",
          "saml",
          "connectors",
          "lock");

  private static final String RESOURCES =
      """
      kind: github
      version: v3
      metadata: {name: github}
      spec:
        client_id: id
        client_secret: %s
        redirect_url: https://proxy.example.com/v1/webapi/github/callback
        teams_to_roles: [{organization: o, team: t, roles: [access]}]
      ---
      kind: oidc
      version: v3
      metadata: {name: oidc}
      spec:
        issuer_url: https://idp.example.com
        client_id: id
        client_secret: %s
        google_service_account: %s
        redirect_url: https://proxy.example.com/callback
        claims_to_roles: [{claim: c, value: v, roles: [access]}]
        mfa: {enabled: true, client_id: m, client_secret: %s}
      ---
      kind: saml
      version: v2
      metadata: {name: saml}
      spec:
        acs: https://proxy.example.com/v1/webapi/saml/acs/saml
        entity_descriptor_url: https://idp.example.com/metadata
        attributes_to_roles: [{name: n, value: v, roles: [access]}]
        signing_key_pair: {cert: c, private_key: %s}
      ---
      kind: db
      version: v3
      metadata: {name: other}
      spec:
        protocol: dynamodb
        aws: {region: us-east-1, account_id: "123456789012", external_id: %s}
      """
          .formatted(
              CLIENT_SECRET, CLIENT_SECRET, SERVICE_ACCOUNT, MFA_SECRET, SAML_KEY, EXTERNAL_ID);

  @TempDir static Path folder;

  /// What must not be seen, by what it is.
  private final Map<String, String> secrets = new LinkedHashMap<>();

  /// What was seen, by where.
  private final Map<String, String> shown = new LinkedHashMap<>();

  @Test
  void noSecretIsInAnyOutputLogMeasurementAnswerOrRecord() throws Exception {
    try (var aws = AwsStandIn.start(AwsStandIn.Account.example(), InstantSource.system())) {
      try (var operator = SdkClients.dynamoDb(aws.dynamoDbUri(), aws.agentCredentials())) {
        SampleTables.create(operator);
      }
      try (var cluster = TestCluster.start(folder, aws, InstantSource.system())) {
        administer(cluster);
        signIn(cluster);
        browse(cluster);
        list(cluster);
        authorities(cluster);
        for (var path : List.of("/metrics", "/healthz", "/readyz", "/nothing")) {
          shown.put("diagnostics " + path, cluster.diagnostics(path).body());
        }
        shown.put("teleport", cluster.services().output() + cluster.services().errors());
      }
      aws.keys()
          .forEach(key -> {
            secrets.put("AWS secret of " + key.principal(), key.secret());
            key.token().ifPresent(token -> secrets.put("AWS token of " + key.id(), token));
          });
    }
    privateKeys(folder);
    shown.put("log", Files.readString(folder.resolve("teleport.log")));
    records();
    assertThat(secrets).hasSizeGreaterThan(17);
    assertThat(shown).hasSizeGreaterThan(60);
    secrets.forEach((what, secret) -> {
      assertThat(secret).as(what).hasSizeGreaterThan(8);
      shown.forEach(
          (where, text) -> assertThat(text).as(what + " in " + where).doesNotContain(secret));
    });
  }

  private void administer(TestCluster cluster) throws Exception {
    secrets.put("client secret", CLIENT_SECRET);
    secrets.put("service account", SERVICE_ACCOUNT);
    secrets.put("client secret of the second factor", MFA_SECRET);
    secrets.put("SAML key", SAML_KEY);
    var file = Files.writeString(folder.resolve("resources.yaml"), RESOURCES).toString();
    see(cluster.tctl("create", file).orFail());
    see(cluster.tctl("create", file));
    see(cluster.tctl("create", "-f", file).orFail());
    see(cluster.tctl("create", "-f", "--dry-run", file).orFail());
    var broken =
        Files.writeString(
            folder.resolve("broken.yaml"), RESOURCES.replace("client_id:", "client:"));
    see(cluster.tctl("create", broken.toString()));
    see(cluster.tctl("-d", "create", broken.toString()));
    var token =
        cluster.tctl("tokens", "add", "--type=db", "--format=text").orFail().output().strip();
    secrets.put("join token", token);
    see(cluster.tctl("get", "token/" + "0".repeat(32)));
    see(cluster.tctl("tokens", "rm", "0".repeat(32)));
    link(cluster.tctl("users", "add", "bob", "--roles=access").orFail());
    link(cluster.tctl("users", "reset", "bob").orFail());
    see(cluster.tctl("users", "update", "bob", "--set-db-users=Reader").orFail());
    see(cluster.tctl("lock", "--join-token=" + token, "--ttl=1h"));
  }

  private void link(CommandResult printed) {
    var found = LINK.matcher(printed.output());
    assertThat(found.find()).as(printed.toString()).isTrue();
    secrets.put("token of " + found.group(1), found.group(2));
  }

  private void signIn(TestCluster cluster) throws Exception {
    secrets.put("password", TestCluster.PASSWORD);
    secrets.put("wrong password", WRONG_PASSWORD);
    var alice = cluster.addPerson("alice", "access,aws-dynamodb-access");
    var login =
        List.of(
            "login",
            "--proxy=" + cluster.proxyAddress(),
            "--user=alice",
            "--ca-pin=" + cluster.caPin());
    see(alice.tshTyping(WRONG_PASSWORD + "\n", login.toArray(String[]::new)));
    see(cluster.signIn(alice));
    see(alice.tsh("status"));
    see(alice.tsh("status", "--format=json"));
    see(alice.tsh("db", "ls", "--format=json"));
    see(alice.tsh("db", "login", "--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE));
    see(alice.tsh("-d", "proxy", "db", "--tunnel", "nothing"));
    try (var tunnel = alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      client.listTables();
      shown.put("tunnel", tunnel.command().output() + tunnel.command().errors());
    }
    privateKeys(alice.home());
    see(alice.tsh("logout"));
  }

  /// As a browser and as whoever else speaks HTTP to the Proxy.
  private void browse(TestCluster cluster) throws Exception {
    var proxy = URI.create("https://" + cluster.proxyAddress());
    var unknown = "c".repeat(40) + "anary";
    secrets.put("guessed token", unknown);
    try (var browser = HttpClient.newBuilder().sslContext(cluster.browserTrust()).build()) {
      var signIn = "{\"user\":\"alice\",\"password\":\"%s\"}";
      var session = post(browser, proxy, "/v1/web/session", signIn.formatted(TestCluster.PASSWORD));
      var cookie = COOKIE.matcher(session);
      assertThat(cookie.find()).as(session).isTrue();
      secrets.put("web session", cookie.group(1));
      shown.put("web sign-in", session.replace(cookie.group(1), ""));
      for (var body :
          List.of(
              signIn.formatted(WRONG_PASSWORD),
              "{\"user\":\"alice\",\"password\":[\"" + WRONG_PASSWORD + "\"]}",
              "{\"user\":\"alice\",\"pass\":\"" + WRONG_PASSWORD + "\"}",
              "{\"password\":\"" + WRONG_PASSWORD)) {
        for (var path : List.of("/v1/web/session", "/v1/webapi/mfa/login/finish")) {
          shown.put("POST " + path + body.length(), post(browser, proxy, path, body));
        }
      }
      var join =
          "{\"token\":\""
              + unknown
              + "\",\"role\":\"Db\",\"public_key\":\"x\",\"node_name\":\"n\"}";
      shown.put("join", post(browser, proxy, "/v1/webapi/host/join", join));
      var open = "{\"kind\":\"invite\",\"token\":\"%s\"}".formatted(unknown);
      shown.put("link", post(browser, proxy, "/v1/web/links/open", open));
      for (var path : List.of("/web/invite/x", "/web/login", "/v1/webapi/ping", "/v1/nothing")) {
        var get = HttpRequest.newBuilder(proxy.resolve(path)).build();
        shown.put("GET " + path, browser.send(get, BodyHandlers.ofString()).body());
      }
    }
  }

  private static String post(HttpClient browser, URI proxy, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(proxy.resolve(path))
            .header("Content-Type", "application/json")
            .header("Origin", proxy.toString())
            .header("Sallyport-Request", "web")
            .POST(BodyPublishers.ofString(body))
            .build();
    var answer = browser.send(request, BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.headers().map() + " " + answer.body();
  }

  private void list(TestCluster cluster) {
    for (var kind : KINDS) {
      see(cluster.tctl("get", kind).orFail());
      see(cluster.tctl("get", kind, "--format=json"));
      see(cluster.tctl("get", kind, "--format=text"));
    }
    for (var format : List.of("text", "json", "yaml")) {
      see(cluster.tctl("tokens", "ls", "--format=" + format).orFail());
    }
    see(cluster.tctl("users", "ls").orFail());
    see(cluster.tctl("db", "ls", "--format=json").orFail());
    see(cluster.tctl("status").orFail());
    see(cluster.tctl("audit", "status"));
    // What the agent wrote down comes a moment later.
    await().until(() -> cluster.tctl("audit", "search").output().contains("alice"));
    see(cluster.tctl("audit", "search", "--format=json"));
    see(cluster.tctl("auth", "export", "--type=host").orFail());
    var whole = cluster.tctl("get", "all").orFail().output();
    assertThat(whole).contains(CLIENT_SECRET, MFA_SECRET, SERVICE_ACCOUNT, SAML_KEY);
    assertThat(whole).doesNotContain(TestCluster.PASSWORD);
  }

  /// The authorities' keys, which one command shows.
  private void authorities(TestCluster cluster) {
    var whole = cluster.tctl("get", "cert_authority", "--with-secrets").orFail().output();
    var keys = new ArrayList<String>();
    KEY.matcher(whole).results().forEach(match -> keys.add(match.group(1)));
    assertThat(keys).as(whole).hasSizeGreaterThanOrEqualTo(2);
    keys.forEach(key -> secrets.put("authority's key " + secrets.size(), last(key)));
  }

  /// Every private key that is in a file.
  private void privateKeys(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var text = Files.readString(file, StandardCharsets.ISO_8859_1);
        KEY.matcher(text)
            .results()
            .forEach(match ->
                secrets.put("key of " + file.getFileName() + secrets.size(), last(match.group(1))));
      }
    }
  }

  /// The beginning of such a text is alike for all keys.
  private static String last(String line) {
    return line.substring(line.length() / 2);
  }

  private void records() throws IOException {
    var data = folder.resolve("data");
    try (var files = Files.walk(data)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var name = data.relativize(file).toString();
        if (name.startsWith("log") || name.contains("audit") || name.contains("journal")) {
          shown.put("records " + name, Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    assertThat(shown.keySet()).anyMatch(name -> name.contains("audit.db"));
  }

  private void see(CommandResult result) {
    // Not the command line, which a test wrote.
    shown.put(shown.size() + " " + result.commandLine(), result.output() + result.errors());
  }
}
