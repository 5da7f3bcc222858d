package dev.sallyport.tsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;
import static org.awaitility.Awaitility.await;

import dev.sallyport.console.Console;
import dev.sallyport.control.ControlJson;
import dev.sallyport.pki.PemException;
import dev.sallyport.tsh.background.Handover;
import dev.sallyport.tsh.tunnel.RouteWish;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tunnels of several databases, in the background and around programs, with a cluster in memory.
final class TunnelCommandsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private final FakeClusters clusters = new FakeClusters(() -> NOW);

  @TempDir Path home;

  private record Said(int status, String out, String err) {}

  /// A command that goes on until its thread is interrupted.
  private record Running(
      FutureTask<Integer> task, Thread thread, ByteArrayOutputStream out, ByteArrayOutputStream err)
      implements AutoCloseable {
    String said() {
      return out.toString(StandardCharsets.UTF_8);
    }

    String complained() {
      return err.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      thread.interrupt();
      try {
        assertThat(task.get()).isZero();
      } catch (InterruptedException | ExecutionException e) {
        throw new AssertionError(e);
      }
    }
  }

  @BeforeEach
  void login() {
    assertThat(tsh("login", "--proxy=127.0.0.1:9", "--user=alice").status()).isZero();
    clusters.databases.add(FakeClusters.database("orders", List.of("admin", "reader"), false));
  }

  private Console console(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return console("correct horse\n", out, err);
  }

  private Console console(String typed, ByteArrayOutputStream out, ByteArrayOutputStream err) {
    var env = new TreeMap<>(System.getenv());
    env.keySet().removeIf(name -> name.startsWith("TELEPORT") || name.startsWith("AWS"));
    return new Console(
        new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        env,
        home,
        () -> NOW);
  }

  private Said tsh(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var status = TshMain.run(console(out, err), clusters, args);
    return new Said(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Running start(String... args) {
    return startTyping("correct horse\n", args);
  }

  private Running startTyping(String typed, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Callable<Integer> command = () -> TshMain.run(console(typed, out, err), clusters, args);
    var task = new FutureTask<>(command);
    return new Running(task, Thread.ofPlatform().start(task), out, err);
  }

  private static JsonNode json(String text) {
    return ControlJson.MAPPER.readTree(text);
  }

  @Test
  void severalDatabasesHaveAPortEach() {
    try (var tunnels =
        start(
            "proxy",
            "db",
            "--tunnel",
            "-f",
            "json",
            "-u",
            "ExampleTeleportDynamoDBRole",
            "-u",
            "reader",
            "example-dynamodb",
            "orders")) {
      await().atMost(Duration.ofSeconds(20)).until(() -> tunnels.said().endsWith("]\n"));
      var all = json(tunnels.said());
      assertThat(all.size()).isEqualTo(2);
      assertThat(all.get(0).path("database").stringValue()).isEqualTo("example-dynamodb");
      assertThat(all.get(1).path("db_user").stringValue()).isEqualTo("reader");
      assertThat(all.get(0).path("address")).isNotEqualTo(all.get(1).path("address"));
      assertThat(all.get(1).path("strict").booleanValue()).isFalse();
    }
    assertThat(tsh("proxy", "db", "--tunnel", "-p", "0", "example-dynamodb", "orders").err())
        .contains("--port is given 1 times for 2 databases");
    assertThat(tsh("proxy", "db", "--tunnel", "-f", "bash", "a", "b").err())
        .contains("variables name one database");
    assertThat(tsh("proxy", "db", "--tunnel", "-p", "1", "--listen", "127.0.0.1:1", "a").err())
        .contains("--port and --listen exclude each other");
    assertThat(tsh("proxy", "db", "--tunnel", "--allow-origin", "*", "orders").err())
        .contains("--allow-origin: * (expected: one origin");
    assertThat(tsh("proxy", "db", "--tunnel", "--format", "tcsh", "orders").err())
        .contains("unsupported format \"tcsh\"");
  }

  @Test
  void aStrictTunnelPrintsAKeyPairThatIsItsOwn() {
    try (var tunnel =
        start("proxy", "db", "--tunnel", "--strict", "--format", "bash", "example-dynamodb")) {
      await().atMost(Duration.ofSeconds(20)).until(() -> tunnel.said().contains("no_proxy="));
      assertThat(tunnel.said())
          .containsPattern("export AWS_ACCESS_KEY_ID='TUNNEL[A-Z2-7]{14}'\n")
          .containsPattern("export AWS_SECRET_ACCESS_KEY='[-_A-Za-z0-9]{40}'\n")
          .containsPattern("export AWS_ENDPOINT_URL_DYNAMODB='http://localhost:\\d+'\n");
    }
  }

  @Test
  void listeningForOtherMachinesIsSaidLoudly() {
    try (var tunnel =
        start(
            "proxy",
            "db",
            "--tunnel",
            "--listen",
            "0.0.0.0:0",
            "--insecure-listen-anywhere",
            "example-dynamodb")) {
      await().atMost(Duration.ofSeconds(20)).until(() -> tunnel.said().contains("no_proxy="));
      assertThat(tunnel.said()).contains(" on 0.0.0.0:", "http://localhost:");
      assertThat(tunnel.complained()).contains("WARNING:", "--strict");
    }
  }

  @Test
  void aProgramRunsWithTheTunnelAndItsStatusIsTheCommands() throws Exception {
    var said = home.resolve("said");
    var script = "printenv AWS_ENDPOINT_URL_DYNAMODB AWS_ACCESS_KEY_ID > " + said + "; exit 7";
    assertThat(tsh("db", "connect", "example-dynamodb", "--", "sh", "-c", script).status())
        .isEqualTo(7);
    assertThat(Files.readString(said)).matches("http://localhost:\\d+\ntunnel\n");
    assertThat(tsh("db", "connect", "-u", "reader", "orders", "--", "true").status()).isZero();
    assertThat(tsh("db", "connect", "orders", "--", "true").err())
        .contains("please provide the database user using the --db-user flag");
    assertThat(tsh("db", "connect", "orders", "true").err()).contains("stands after --");
    assertThat(tsh("db", "connect", "example-dynamodb", "--", "/no/such/program").err())
        .contains("cannot run /no/such/program");
  }

  @Test
  void aChosenDatabaseUserCountsUntilLogout() throws IOException {
    assertThat(tsh("db", "logout").out()).isEqualTo("Not logged into any databases\n");
    assertThat(tsh("db", "login", "--db-user=reader", "orders").out())
        .startsWith("Connection information for database \"orders\" has been saved.\n")
        .contains("$ tsh proxy db --tunnel --db-user=reader orders\n");
    var file = home.resolve(".tsh/keys/127.0.0.1/alice-db/example%2Ecom/orders.crt");
    if (!Files.exists(file)) {
      file = home.resolve(".tsh/keys/127.0.0.1/alice-db/example.com/orders.crt");
    }
    assertThat(Files.readString(file)).contains("BEGIN CERTIFICATE").doesNotContain("PRIVATE");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(tsh("db", "connect", "orders", "--", "true").status()).isZero();
    assertThat(clusters.issued.getLast().dbUser()).isEqualTo("reader");
    assertThat(tsh("db", "connect", "-u", "admin", "orders", "--", "true").status()).isZero();
    assertThat(clusters.issued.getLast().dbUser()).isEqualTo("admin");
    assertThat(tsh("db", "logout", "example-dynamodb").err())
        .contains("not logged into database \"example-dynamodb\"");
    assertThat(tsh("db", "logout", "orders").out()).isEqualTo("Logged out of database orders\n");
    assertThat(tsh("db", "connect", "orders", "--", "true").status()).isEqualTo(1);
    tsh("db", "login", "--db-user=reader", "orders");
    tsh("db", "login", "example-dynamodb");
    assertThat(tsh("db", "logout").out()).isEqualTo("Logged out of all databases\n");
  }

  @Test
  void aDatabaseUserThatNoRoleAllowsIsToldAtTheStart() {
    assertThat(tsh("db", "connect", "-u", "Other", "example-dynamodb", "--", "true").err())
        .isEqualTo(
            "WARNING: no role of yours allows database user \"Other\" in \"example-dynamodb\""
                + " (allowed: [ExampleTeleportDynamoDBRole]); requests will be refused.\n");
    for (var same :
        List.of(
            "ExampleTeleportDynamoDBRole",
            "role/ExampleTeleportDynamoDBRole",
            "arn:aws:iam::123456789012:role/ExampleTeleportDynamoDBRole")) {
      assertThat(tsh("db", "connect", "-u", same, "example-dynamodb", "--", "true").err())
          .isEmpty();
    }
    clusters.databases.add(FakeClusters.database("any", List.of("*"), true));
    assertThat(tsh("db", "connect", "-u", "Other", "any", "--", "true").err()).isEmpty();
    assertThat(tsh("db", "login", "--db-user=role/root", "any").err())
        .contains("(allowed: [*], except: [root]); requests will be refused.");
  }

  @Test
  void labelsChooseADatabase() {
    assertThat(tsh("db", "connect", "--labels=env=prod", "--", "true").err())
        .contains("no database is available");
    assertThat(tsh("db", "connect", "--labels=env=dev", "--", "true").err())
        .contains("multiple databases are available (example-dynamodb, orders), please specify");
  }

  @Test
  void aTunnelInTheBackgroundIsListedAskedAndStopped() throws Exception {
    assertThat(tsh("proxy", "stop").out()).isEqualTo("No tunnel runs in the background.\n");
    assertThat(tsh("db", "env").err()).contains("tsh proxy db --tunnel --background <db>");
    var background =
        startTyping(
            handover(),
            "proxy",
            "db",
            "--tunnel",
            "--strict",
            "--background-as=0123abcd",
            "example-dynamodb");
    var folder = home.resolve(".tsh/proxies");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.exists(folder.resolve("0123abcd.json")));
    var listed = json(tsh("proxy", "ls", "-f", "json").out()).get(0);
    assertThat(listed.path("id").stringValue()).isEqualTo("0123abcd");
    assertThat(listed.path("pid").longValue()).isEqualTo(ProcessHandle.current().pid());
    assertThat(listed.has("secret_access_key")).isFalse();
    assertThat(tsh("proxy", "ls").out())
        .contains("0123abcd example-dynamodb ExampleTeleportDynamoDBRole example.com 127.0.0.1:");
    assertThat(tsh("db", "env", "example-dynamodb").out())
        .containsPattern("export AWS_ACCESS_KEY_ID='TUNNEL[A-Z2-7]{14}'\n");
    assertThat(tsh("db", "env", "-f", "pwsh").out()).contains("$env:NO_PROXY = 'localhost,");
    assertThat(json(tsh("db", "env", "-f", "json").out()).path("AWS_REGION").stringValue())
        .isEqualTo("us-east-1");
    assertThat(tsh("db", "config").out()).contains("Host:       localhost\n", "Secret key: ");
    assertThat(tsh("db", "config", "-f", "cmd").out())
        .startsWith("aws --endpoint http://localhost:");
    assertThat(tsh("db", "env", "orders").err()).contains("no tunnel to \"orders\"");
    assertThat(tsh("proxy", "stop", "orders").err()).contains("no tunnel \"orders\"");
    assertThat(tsh("proxy", "stop", "example-dynamodb").out())
        .isEqualTo("Stopped tunnel 0123abcd.\n");
    assertThat(background.task().get()).isZero();
    assertThat(background.said()).doesNotContain("SECRET");
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  /// A process number that lives proves nothing: only who answers is a tunnel.
  @Test
  void tracesOfADeadProcessAreNotTakenForATunnel() throws IOException {
    var folder = Files.createDirectories(home.resolve(".tsh/proxies"));
    var socket = folder.resolve("00000001.sock");
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }
    Files.writeString(
        folder.resolve("00000001.json"), "{\"pid\": " + ProcessHandle.current().pid() + "}");
    Files.writeString(folder.resolve("00000001.log"), "");
    assertThat(tsh("proxy", "ls", "-f", "json").out()).isEqualTo("[]\n");
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  /// What the process at the terminal writes to the one in the background.
  private String handover() throws PemException {
    return new Handover(
            List.of(
                new Handover.Tunnel(
                    new RouteWish(
                        "example-dynamodb", "ExampleTeleportDynamoDBRole", Optional.empty()),
                    "us-east-1",
                    clusters.signedIn(Duration.ofHours(1)),
                    List.of("a7a0ab6c-0d0a-4a83-a0a5-0f6f7ab0a2c1"))))
        .text()
        .reveal();
  }

  @Test
  void aBackgroundTunnelIsConfirmedAtTheTerminalThatStartsIt() throws IOException {
    clusters.sessionMfa = Optional.of(Duration.ofHours(1));
    var started = tsh("proxy", "db", "--tunnel", "--background", "example-dynamodb");
    assertThat(started.err())
        .startsWith("MFA is required to access Database \"example-dynamodb\"\n");
    assertThat(started.status()).as(started.err()).isZero();
    assertThat(started.out()).contains("It goes on in the background.");
    assertThat(clusters.issued).filteredOn(asked -> asked.mfa().isPresent()).hasSize(1);
    try (var left = Files.walk(home.resolve(".tsh/proxies"))) {
      assertThat(left.filter(Files::isRegularFile))
          .isNotEmpty()
          .noneMatch(file -> contentOf(file.toFile()).contains("PRIVATE KEY"));
    }
    assertThat(tsh("proxy", "ls").out()).contains("example-dynamodb");
    assertThat(tsh("proxy", "stop", "--all").out()).startsWith("Stopped tunnel ");
  }

  @Test
  void theOptionOfTheSecondProcessIsNotForPeople() {
    for (var typed : List.of("", "[]", "{", "[{\"database\": \"a\"}]", "[{\"identity\": 1}]")) {
      var out = new ByteArrayOutputStream();
      var err = new ByteArrayOutputStream();
      var status =
          TshMain.run(
              console(typed, out, err),
              clusters,
              "proxy",
              "db",
              "--tunnel",
              "--background-as=0123abcd",
              "example-dynamodb");
      assertThat(status).isEqualTo(1);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .as(typed)
          .startsWith("ERROR: ")
          .containsAnyOf("use --background instead", "what was handed over");
    }
  }

  @Test
  void fewerTunnelsThanAddressesAreNotOpened() throws PemException {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var status =
        TshMain.run(
            console(handover(), out, err),
            clusters,
            "proxy",
            "db",
            "--tunnel",
            "--background-as=0123abcd",
            "example-dynamodb",
            "orders");
    assertThat(status).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("ERROR: 1 tunnels were handed over for 2 addresses\n\n");
  }

  @Test
  void whatKeepsABackgroundTunnelFromStartingIsTold() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(taken.getLocalPort());
      var said = tsh("proxy", "db", "--tunnel", "--background", "-p", port, "example-dynamodb");
      assertThat(said.status()).isEqualTo(1);
      assertThat(said.err()).startsWith("ERROR: ").contains(port);
    }
    assertThat(home.resolve(".tsh/proxies")).isEmptyDirectory();
  }

  @Test
  void aFolderThatOthersMayEnterIsRefused() throws IOException {
    var folder = Files.createDirectories(home.resolve(".tsh/proxies"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(tsh("proxy", "db", "--tunnel", "--background", "example-dynamodb").err())
        .contains("can be entered by others; run: chmod 700");
  }
}
