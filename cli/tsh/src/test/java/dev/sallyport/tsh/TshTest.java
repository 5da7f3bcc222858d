package dev.sallyport.tsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.console.Console;
import dev.sallyport.console.profile.ProfileStore;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole tool in this JVM, in front of a cluster in memory.
final class TshTest {
  private static final Pattern TUNNEL = Pattern.compile("on 127\\.0\\.0\\.1:(\\d+)\\.");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
  private final FakeClusters clusters = new FakeClusters(now::get);
  private ByteArrayOutputStream out = new ByteArrayOutputStream();
  private ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path home;

  @BeforeEach
  void clear() {
    out = new ByteArrayOutputStream();
    err = new ByteArrayOutputStream();
  }

  private int tsh(String input, Map<String, String> env, String... args) {
    clear();
    return TshMain.run(console(input, env), clusters, args);
  }

  private int tsh(String... args) {
    return tsh("correct horse\n", Map.of(), args);
  }

  private Console console(String input, Map<String, String> env) {
    return new Console(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        env,
        home,
        now::get);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private void login(String... more) {
    var args = new String[more.length + 3];
    args[0] = "login";
    args[1] = "--proxy=127.0.0.1:9";
    args[2] = "--user=alice";
    System.arraycopy(more, 0, args, 3, more.length);
    assertThat(tsh(args)).as(err()).isZero();
  }

  @Test
  void loginShowsTheStatusBlock() {
    login();
    assertThat(out())
        .isEqualTo(
            """
            > Profile URL:        https://127.0.0.1:9
              Logged in as:       alice
              Cluster:            example.com
              Roles:              access, aws-dynamodb-access
              Logins:             root
              Kubernetes:         disabled
              Valid until:        2030-01-01 12:00:00 +0000 UTC [valid for 12h0m0s]

            """);
    assertThat(err()).contains("Enter password for Teleport user alice:");
  }

  @Test
  void statusAsJsonHasTheFieldsThatScriptsRead() {
    login();
    assertThat(tsh("status", "-f", "json")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            {
              "active": {
                "profile_url": "https://127.0.0.1:9",
                "username": "alice",
                "cluster": "example.com",
                "roles": [
                  "access",
                  "aws-dynamodb-access"
                ],
                "traits": {
                  "db_users": [
                    "*"
                  ],
                  "logins": [
                    "root"
                  ]
                },
                "logins": [
                  "root"
                ],
                "kubernetes_enabled": false,
                "valid_until": "2030-01-01T12:00:00Z"
              },
              "profiles": []
            }
            """);
    assertThat(tsh("", Map.of("TELEPORT_PROXY", "127.0.0.1:9"), "status", "--format=yaml"))
        .isZero();
    assertThat(out()).contains("active:\n", "environment:\n  TELEPORT_PROXY: \"127.0.0.1:9\"\n");
  }

  @Test
  void statusWithoutAndAfterALoginFails() {
    assertThat(tsh("status")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: Not logged in.\n\n");
    login();
    now.set(Instant.parse("2030-01-01T12:00:00Z"));
    assertThat(tsh("status")).isEqualTo(1);
    assertThat(out()).contains("[EXPIRED]");
    assertThat(err()).isEqualTo("ERROR: Active profile expired.\n\n");
  }

  @Test
  void wrongPasswordsAndMissingProxiesAreTold() {
    assertThat(tsh("wrong\n", Map.of(), "login", "--proxy=127.0.0.1:9", "--user=alice"))
        .isEqualTo(1);
    assertThat(err()).endsWith("ERROR: invalid username or password\n\n");
    assertThat(tsh("login")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: No proxy address specified, missed --proxy flag?\n\n");
    assertThat(tsh("login", "--auth=github", "--proxy=127.0.0.1:9")).isEqualTo(1);
    assertThat(err()).contains("--auth=local");
    assertThat(tsh("login", "--nonsense")).isEqualTo(1);
    assertThat(err()).startsWith("Usage: tsh login").contains("ERROR: Unknown option: ");
    assertThat(home.resolve(".tsh")).doesNotExist();
  }

  @Test
  void messageOfTheDayComesBeforeThePasswordAndSteersNoTerminal() {
    clusters.message = "Authorised use only.\n\u001b[31mBe kind.\n";
    login();
    assertThat(err())
        .startsWith(
            "Authorised use only.\n?[31mBe kind.\nEnter password for Teleport user alice:\n");
  }

  @Test
  void aLoginThatStillCountsIsReplacedWhereThatIsAskedFor() {
    login();
    int before = clusters.requests.size();
    login("--again");
    assertThat(clusters.requests).hasSizeGreaterThan(before);
    assertThat(clusters.signedOut).hasValue(0);
  }

  /// The cluster has changed its keys, and the login knows none of those that it has now.
  @Test
  void aLoginThatStillCountsIsReplacedWhereThePinIsOfAnotherKey() {
    login();
    var profiles = new ProfileStore(home.resolve(".tsh"));
    var login = profiles.identity(profiles.current().orElseThrow()).orElseThrow();
    var known = login.trust().pins().getFirst().text();
    int before = clusters.requests.size();
    assertThat(tsh("", Map.of(), "login", "--ca-pin=" + known)).isZero();
    assertThat(clusters.requests).hasSize(before);
    login("--ca-pin=sha256:" + "0".repeat(64));
    assertThat(clusters.requests).hasSizeGreaterThan(before);
  }

  @Test
  void aLoginThatStillCountsIsOnlyShown() {
    login();
    assertThat(tsh("", Map.of(), "login")).isZero();
    assertThat(err()).isEmpty();
    assertThat(tsh("", Map.of(), "login", "--proxy=127.0.0.1")).isZero();
    assertThat(out()).startsWith("> Profile URL:");
  }

  @Test
  void aLoginThatTheClusterTakesNoMoreIsReplaced() {
    login();
    int before = clusters.requests.size();
    clusters.signInRefusal =
        Optional.of(new ControlException(ErrorKind.ACCESS_DENIED, "user \"alice\" was made anew"));
    login();
    assertThat(clusters.requests).hasSizeGreaterThan(before);
    assertThat(err())
        .startsWith("The login does not count any more: user \"alice\" was made anew\n")
        .contains("Enter password for Teleport user alice:");
  }

  @Test
  void aLoginIsShownWhereTheClusterCannotBeAsked() {
    login();
    clusters.signInRefusal =
        Optional.of(new ControlException(ErrorKind.UNAVAILABLE, "nobody there"));
    assertThat(tsh("", Map.of(), "login")).isZero();
    assertThat(out()).startsWith("> Profile URL:");
  }

  @Test
  void privateKeysStayOnThisMachine() throws IOException {
    login();
    assertThat(tsh("db", "login", "example-dynamodb")).isZero();
    assertThat(clusters.requests).hasSize(2);
    var sent = clusters.requests.stream().map(ControlJson::text).collect(Collectors.joining());
    assertThat(sent).contains("PUBLIC KEY").doesNotContain("PRIVATE");
    var key = Files.readString(home.resolve(".tsh/keys/127.0.0.1/alice.key"));
    assertThat(key).contains("PRIVATE KEY");
    assertThat(sent).doesNotContain(key.lines().skip(1).findFirst().orElseThrow());
  }

  @Test
  void certificateForAnotherKeyIsNotTaken() throws IOException {
    clusters.swapsKeys = true;
    assertThat(tsh("login", "--proxy=127.0.0.1:9", "--user=alice")).isOne();
    assertThat(err()).contains("ERROR: the Proxy's answer cannot be used");
    assertThat(home.resolve(".tsh/127.0.0.1.yaml")).doesNotExist();
    clusters.swapsKeys = false;
    login();
    clusters.swapsKeys = true;
    assertThat(tsh("db", "login", "example-dynamodb")).isOne();
    assertThat(err()).contains("ERROR: ");
  }

  @Test
  void loginOfAnotherProgramIsToldAndLeftAlone() throws IOException {
    var theirs = home.resolve(".tsh/127.0.0.1.yaml");
    Files.createDirectories(theirs.getParent());
    Files.writeString(theirs, "web_proxy_addr: 127.0.0.1:9\nuser: alice\ncluster: c\n");
    Files.writeString(theirs.resolveSibling("current-profile"), "127.0.0.1");
    assertThat(tsh("login", "--proxy=127.0.0.1:9", "--user=alice")).isOne();
    assertThat(err()).startsWith("ERROR: " + theirs + " was written by another program");
    assertThat(tsh("status")).isOne();
    assertThat(err())
        .startsWith("NOTE: " + theirs + " was written by another program and is left alone.\n")
        .contains("ERROR: Not logged in.");
    assertThat(tsh("logout")).isZero();
    assertThat(err()).contains("is left alone");
    assertThat(out()).isEqualTo("All users logged out.\n");
    assertThat(theirs).content().contains("user: alice");
    assertThat(theirs.resolveSibling("current-profile")).hasContent("127.0.0.1");
  }

  @Test
  void logoutForgetsOneLoginOrAll() {
    assertThat(tsh("logout")).isZero();
    assertThat(out()).isEqualTo("All users logged out.\n");
    login();
    assertThat(tsh("logout", "--proxy=127.0.0.1:9", "--user=bob")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: User bob already logged out from 127.0.0.1.\n\n");
    assertThat(tsh("logout", "--user=alice")).isZero();
    assertThat(tsh("logout", "--proxy=127.0.0.1:9", "--user=alice")).isZero();
    assertThat(out()).isEqualTo("Logged out alice from 127.0.0.1.\n");
    login();
    assertThat(tsh("logout")).isZero();
    assertThat(out()).isEqualTo("Logged out all users from all proxies.\n");
    assertThat(tsh("status")).isEqualTo(1);
  }

  @Test
  void logoutTakesTheCertificateBackAndSaysWhenItCannot() {
    login();
    assertThat(tsh("logout")).isZero();
    assertThat(clusters.signedOut).hasValue(1);
    assertThat(err()).isEmpty();

    login();
    clusters.signOutRefusal =
        Optional.of(new ControlException(ErrorKind.UNAVAILABLE, "nobody answers"));
    assertThat(tsh("logout")).isZero();
    assertThat(out()).isEqualTo("Logged out all users from all proxies.\n");
    assertThat(err())
        .startsWith("WARNING: example.com could not take the certificate back (nobody answers);")
        .contains("a copy of it works until 2030-");
    assertThat(tsh("status")).isEqualTo(1);
  }

  @Test
  void anIdentityFileWorksWithoutAProfile() throws IOException {
    var file = home.resolve("alice.pem");
    login("--out=" + file, "--ttl=60");
    assertThat(out()).isEqualTo("The certificate has been written to " + file + "\n");
    assertThat(Files.exists(home.resolve(".tsh"))).isFalse();
    assertThat(tsh("-i", file.toString(), "--proxy=127.0.0.1:9", "db", "ls")).isZero();
    assertThat(out()).contains("example-dynamodb");
    assertThat(tsh("login", "--proxy=127.0.0.1:9", "--out=" + file)).isEqualTo(1);
    assertThat(err()).contains("--overwrite");
    now.set(Instant.parse("2030-01-01T01:00:00Z"));
    assertThat(tsh("-i", file.toString(), "--proxy=127.0.0.1:9", "db", "ls")).isEqualTo(1);
    assertThat(err()).contains("expired", "tctl auth sign");
  }

  @Test
  void databasesAreListedWithTheirUsers() {
    login();
    clusters.databases.add(FakeClusters.database("a-any", List.of("admin"), true));
    clusters.databases.add(FakeClusters.database("b-none", List.of(), false));
    assertThat(tsh("db", "ls")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            Name             Description Allowed Users                 Labels
            ---------------- ----------- ----------------------------- -------
            a-any            orders      [* admin], except: [root]     env=dev
            b-none           orders      (none)                        env=dev
            example-dynamodb orders      [ExampleTeleportDynamoDBRole] env=dev
            """);
    assertThat(tsh("db", "ls", "-f", "json")).isZero();
    assertThat(out())
        .contains("\"kind\": \"db\"", "\"users\": {\n      \"allowed\": [\n        \"*\",");
    assertThat(tsh("db", "ls", "--format=xml")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: unsupported format \"xml\"\n\n");
  }

  @Test
  void versionTellsThatOfTheProxyToo() {
    assertThat(tsh("version")).isZero();
    assertThat(out().lines()).hasSize(1);
    login();
    assertThat(tsh("version")).isZero();
    assertThat(out()).endsWith("Proxy version: 1.0.0\nProxy: 127.0.0.1:9\n");
    assertThat(tsh("version", "--client", "-f", "json")).isZero();
    assertThat(out()).contains("\"version\": \"").doesNotContain("proxyVersion");
  }

  @Test
  void aTunnelNeedsAUserWhenThereIsNoSingleOne() {
    login();
    clusters.databases.add(FakeClusters.database("any", List.of("admin"), true));
    assertThat(tsh("proxy", "db", "any")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            """
            ERROR: "tsh proxy db" is not supported when:
              - database protocol is DynamoDB.

            Please use "tsh proxy db --tunnel any" instead.

            """);
    assertThat(tsh("proxy", "db", "--tunnel", "any")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "ERROR: please provide the database user using the --db-user flag, allowed database"
                + " users for any: [* admin] except [root]\n\n");
    assertThat(tsh("proxy", "db", "--tunnel", "missing")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "ERROR: database \"missing\" not found, use 'tsh db ls' to see registered"
                + " databases\n\n");
    assertThat(tsh("proxy", "db", "--tunnel", "--listen=0.0.0.0:8000", "any")).isEqualTo(1);
    assertThat(err()).contains("not a loopback address");
  }

  @Test
  void aTakenPortIsNamed() throws IOException {
    login();
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = taken.getLocalPort();
      assertThat(tsh("proxy", "db", "--tunnel", "--port", "" + port, "example-dynamodb"))
          .isEqualTo(1);
      assertThat(err())
          .isEqualTo("ERROR: listen tcp 127.0.0.1:" + port + ": bind: address already in use\n\n");
    }
  }

  @Test
  void aTunnelAnnouncesItselfAnswersAndEndsWithStatusZero() throws Exception {
    login();
    clear();
    Callable<Integer> command =
        () ->
            TshMain.run(console("", Map.of()), clusters, "proxy", "db", "--tunnel", "example-dyn");
    var task = new FutureTask<>(command);
    var thread = Thread.ofPlatform().start(task);
    await().atMost(Duration.ofSeconds(20)).until(() -> out().contains("no_proxy"));
    var port = TUNNEL.matcher(out());
    assertThat(port.find()).isTrue();
    assertThat(out())
        .startsWith(
            "Started authenticated tunnel for the DynamoDB database \"example-dynamodb\" in cluster"
                + " \"example.com\" on 127.0.0.1:"
                + port.group(1)
                + ".\n")
        .contains("--port flag")
        .contains(
            "\nUse the following command to connect to the database or to the address above using"
                + " other database GUI/CLI clients:\n  $ aws --endpoint http://localhost:"
                + port.group(1)
                + "/ [dynamodb|dynamodbstreams|dax] <command>\n")
        .contains("AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_REGION=us-east-1")
        .contains("NO_PROXY=localhost,127.0.0.1 no_proxy=localhost,127.0.0.1\n");
    assertThat(clusters.issued.getFirst().dbUser()).isEqualTo("ExampleTeleportDynamoDBRole");
    assertThat(post(port.group(1)).statusCode()).isEqualTo(503);

    now.set(Instant.parse("2030-01-01T13:00:00Z"));
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(post(port.group(1)).body())
                .contains("ExpiredTokenException", "tsh login --proxy=127.0.0.1:9 --user=alice"));
    var tunnelOutput = out;
    login();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(post(port.group(1)).statusCode()).isEqualTo(503));
    assertThat(tunnelOutput.toString(StandardCharsets.UTF_8))
        .contains("Database certificate renewed: valid until 2030-01-01 14:00:00 +0000 UTC");
    thread.interrupt();
    assertThat(task.get()).isZero();
  }

  private static HttpResponse<String> post(String port) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"))
              .version(HttpClient.Version.HTTP_1_1)
              .header("X-Amz-Target", "DynamoDB_20120810.ListTables")
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .timeout(Duration.ofSeconds(15))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
