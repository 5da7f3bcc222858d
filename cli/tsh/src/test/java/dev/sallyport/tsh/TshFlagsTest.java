package dev.sallyport.tsh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.console.Console;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.WebLoginRequest;
import dev.sallyport.model.ProductVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Each flag reaches what it is for, and texts that scripts match are what they are elsewhere.
final class TshFlagsTest {
  private static final String LOGIN_TIME = "2030-01-01T00:00:00Z";

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse(LOGIN_TIME));
  private final FakeClusters clusters = new FakeClusters(now::get);
  private String out = "";
  private String err = "";

  @TempDir Path home;

  @BeforeEach
  void login() {
    assertThat(tsh("login --proxy=127.0.0.1:9 --user=alice")).as(err).isZero();
    clusters.databases.add(FakeClusters.database("orders", List.of("admin", "reader"), false));
    clusters.databases.add(FakeClusters.database("none", List.of(), false));
  }

  private int tsh(String command) {
    var said = new ByteArrayOutputStream();
    var complained = new ByteArrayOutputStream();
    var console =
        new Console(
            new ByteArrayInputStream("correct horse\n".getBytes(StandardCharsets.UTF_8)),
            new PrintStream(said, true, StandardCharsets.UTF_8),
            new PrintStream(complained, true, StandardCharsets.UTF_8),
            Map.of("PATH", System.getenv("PATH")),
            home,
            now::get);
    int status = TshMain.run(console, clusters, command.split(" "));
    out = said.toString(StandardCharsets.UTF_8);
    err = complained.toString(StandardCharsets.UTF_8);
    return status;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "db ls --search=EXAMPLE | example-dynamodb",
        "db ls --search=orders,dev | example-dynamodb none orders",
        "db ls --search=example,nowhere | ''",
        "db ls env=dev | example-dynamodb none orders",
        "db ls env=prod | ''",
        "db ls env=dev,team=x | ''",
        "db ls --query=name==\"orders\" | orders",
        "db ls -c example.com --search=none | none",
        "db ls -v --search=none | none"
      })
  void databasesAreFoundByLabelsWordsAndQueries(String command, String names) {
    assertThat(tsh(command + " -f json")).as(err).isZero();
    var found = ControlJson.MAPPER.readTree(out);
    assertThat(found.valueStream().map(one -> one.at("/metadata/name").stringValue()))
        .containsExactly(names.isEmpty() ? new String[0] : names.split(" "));
  }

  @Test
  void aDatabaseThatWasChosenIsMarkedWithItsCommand() {
    assertThat(tsh("db login --db-user=reader orders")).as(err).isZero();
    assertThat(tsh("db ls")).isZero();
    assertThat(out)
        .isEqualTo(
            """
            Name                    Description Allowed Users                 Labels  Connect
            ----------------------- ----------- ----------------------------- ------- ----------------------------
            example-dynamodb        orders      [ExampleTeleportDynamoDBRole] env=dev
            none                    orders      (none)                        env=dev
            > orders (user: reader) orders      [admin reader]                env=dev tsh proxy db --tunnel orders
            """);
    tsh("db ls -v --search=none");
    assertThat(out.lines().findFirst().orElse(""))
        .matches("Name +Description +Protocol +Type +URI +Health +Allowed Users +Labels");
    assertThat(out).contains("dynamodb.us-east-1.amazonaws.com:443");
    tsh("status");
    assertThat(out).contains("  Databases:          orders\n");
    tsh("status --format=json");
    assertThat(ControlJson.MAPPER.readTree(out).at("/active/databases/0").stringValue())
        .isEqualTo("orders");
    tsh("db logout orders");
    tsh("status");
    assertThat(out).doesNotContain("Databases:");
  }

  @Test
  void healthIsShownWhereADatabaseIsInTrouble() {
    assertThat(tsh("db ls --search=none")).isZero();
    assertThat(out).doesNotContain("Health");
    var sick = FakeClusters.database("sick", List.of("reader"), false);
    ((ObjectNode) sick.database())
        .putObject("status")
        .putObject("target_health")
        .put("status", "unhealthy");
    clusters.databases.add(sick);
    assertThat(tsh("db ls")).isZero();
    assertThat(out)
        .containsPattern("Name +Description +Health +Allowed Users")
        .containsPattern("none +orders +unknown ")
        .containsPattern("sick +orders +unhealthy ");
  }

  @Test
  void databasesOfEveryLoginAreListed() {
    assertThat(tsh("login --proxy=localhost:9 --user=alice")).as(err).isZero();
    assertThat(tsh("db ls -R --search=none")).as(err).isZero();
    assertThat(out)
        .isEqualTo(
            """
            Proxy     Cluster     Name Description Allowed Users Labels
            --------- ----------- ---- ----------- ------------- -------
            127.0.0.1 example.com none orders      (none)        env=dev
            localhost example.com none orders      (none)        env=dev
            """);
    assertThat(tsh("db ls --all --search=none --format=json")).isZero();
    var found = ControlJson.MAPPER.readTree(out);
    assertThat(found.size()).isEqualTo(2);
    assertThat(found.at("/1/proxy").stringValue()).isEqualTo("localhost");
    assertThat(found.at("/1/cluster").stringValue()).isEqualTo("example.com");
    assertThat(found.at("/1/database/metadata/name").stringValue()).isEqualTo("none");
    assertThat(tsh("db ls -R -c example.com")).isOne();
    tsh("logout");
    assertThat(tsh("db ls -R")).isOne();
    assertThat(err).isEqualTo("ERROR: Not logged in.\n\n");
  }

  @Test
  void aLoginThatEndedHidesNoneOfTheOthers() {
    now.set(Instant.parse("2030-01-01T11:00:00Z"));
    assertThat(tsh("login --proxy=localhost:9 --user=alice")).as(err).isZero();
    now.set(Instant.parse("2030-01-01T13:00:00Z"));
    assertThat(tsh("db ls -R --search=none")).as(err).isZero();
    assertThat(out).contains("localhost").doesNotContain("127.0.0.1");
    assertThat(err).startsWith("WARNING: 127.0.0.1: your login has expired");
    now.set(Instant.parse("2030-01-02T13:00:00Z"));
    assertThat(tsh("db ls -R")).isOne();
    assertThat(err).startsWith("ERROR: 127.0.0.1: your login has expired");
  }

  @Test
  void manyDatabasesComeWithAHint() {
    for (int i = 0; i < 17; i++) {
      clusters.databases.add(FakeClusters.database("many-" + i, List.of(), false));
    }
    tsh("db ls");
    assertThat(err).contains("--search");
    tsh("db ls --search=many");
    assertThat(err).isEmpty();
    assertThat(tsh("db login many-1")).isOne();
    assertThat(err).startsWith("ERROR: you are not allowed access");
    assertThat(tsh("db login many")).isOne();
    assertThat(err)
        .startsWith("ERROR: database name \"many\" is ambiguous, use the full name of one of: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db login -u reader", "db connect -u reader -p 0", "proxy db --tunnel"})
  void aDatabaseIsChosenByLabelsQueryAndCluster(String command) {
    assertThat(tsh(command + " --labels=env=prod")).isOne();
    assertThat(err).startsWith("ERROR: no database is available");
    assertThat(tsh(command + " --query=nothing")).isOne();
    assertThat(err).startsWith("ERROR: no database is available");
    assertThat(tsh(command + " -c other")).isOne();
    assertThat(err).isEqualTo("ERROR: cluster \"other\" not found\n\n");
    assertThat(tsh(command + " -n name --cluster=example.com")).isOne();
    assertThat(err)
        .isEqualTo(
            "ERROR: multiple databases are available (example-dynamodb, none, orders), please"
                + " specify one by name, --labels, or --query\n\n");
  }

  @Test
  void aDatabaseNameIsKeptInTheCertificate() {
    assertThat(tsh("db login -u reader -n books --query=orders")).as(err).isZero();
    assertThat(clusters.issued.getLast().dbName()).contains("books");
    assertThat(clusters.issued.getLast().database()).isEqualTo("orders");
    assertThat(tsh("db connect -u reader -n books --query=orders -- true")).as(err).isZero();
    assertThat(clusters.issued.getLast().dbName()).contains("books");
  }

  @Test
  void aProgramMayHaveAStrictTunnelOnAPortOfItsOwn() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = "" + taken.getLocalPort();
      for (var command :
          List.of(
              "db connect -p " + port + " orders -u reader -- true",
              "proxy db --tunnel -n x -u reader -p " + port + " orders")) {
        assertThat(tsh(command)).isOne();
        assertThat(err)
            .isEqualTo(
                "ERROR: listen tcp 127.0.0.1:" + port + ": bind: address already in use\n\n");
      }
    }
    var wish = "db connect -u reader orders --strict -- sh -c";
    assertThat(tsh(wish + " test${IFS}$AWS_ACCESS_KEY_ID${IFS}!=${IFS}tunnel")).isZero();
    assertThat(
            tsh(wish.replace(" --strict", "") + " test${IFS}$AWS_ACCESS_KEY_ID${IFS}=${IFS}tunnel"))
        .isZero();
    for (var command : List.of("db connect", "proxy db --tunnel")) {
      assertThat(tsh(command + " --allow-host=a/b orders")).isOne();
      assertThat(err).startsWith("ERROR: --allow-host: a/b (expected: ");
      assertThat(tsh(command + " --allow-origin=null orders")).isOne();
      assertThat(err).startsWith("ERROR: --allow-origin: null (expected: ");
    }
  }

  @Test
  void aLoginLastsAsLongAsIsSaid() {
    tsh("logout");
    assertThat(tsh("login --proxy=127.0.0.1:9 --user=alice --ttl=90")).isZero();
    assertThat(((WebLoginRequest) clusters.requests.getLast()).ttl())
        .contains(Duration.ofMinutes(90));
    assertThat(out).contains("[valid for 1h30m0s]");
    assertThat(tsh("login --proxy=127.0.0.1:9 --user=bob --ttl=0")).isOne();
    assertThat(err).startsWith("ERROR: --ttl: 0 (expected: minutes");
  }

  @Test
  void versionsThatDoNotFitAreToldUnlessNobodyWantsToKnow() {
    clusters.version = "0.9.0";
    tsh("logout");
    assertThat(tsh("login --proxy=127.0.0.1:9 --user=alice")).isZero();
    assertThat(err).contains("Maximum client version supported by the server is 0.x.x");
    assertThat(err).contains(ProductVersion.NUMBER);
    tsh("logout");
    assertThat(tsh("login --proxy=127.0.0.1:9 --user=alice --skip-version-check")).isZero();
    assertThat(err).doesNotContain("client version");
  }

  @Test
  void debugTellsWhereAnErrorCameFromAndHelpTheFlags() {
    assertThat(tsh("db ls -f xml")).isOne();
    assertThat(err).doesNotContain("\tat ");
    assertThat(tsh("db ls -d -f xml")).isOne();
    assertThat(err).contains("\tat dev.sallyport.");
    assertThat(tsh("--help")).isZero();
    assertThat(out).startsWith("Usage: tsh ").contains("login", "proxy");
    assertThat(tsh("proxy db -h")).isZero();
    assertThat(out).startsWith("Usage: tsh proxy db ").contains("--tunnel");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "login --proxy=x --user=bob --format=pem|invalid identity format: pem",
        "login --proxy=x --user=bob -f openssh|invalid identity format: openssh",
        "logout --proxy=127.0.0.1 --user=bob|User bob already logged out from 127.0.0.1.",
        "status --format=xml|unsupported format \"xml\"",
        "proxy db orders|\"tsh proxy db\" is not supported when:",
        "proxy db --tunnel nowhere|database \"nowhere\" not found, use 'tsh db ls' to see"
            + " registered databases",
        "db login nowhere|database \"nowhere\" not found, use 'tsh db ls' to see registered"
            + " databases",
        "db login|multiple databases are available (example-dynamodb, none, orders), please specify"
            + " one by name, --labels, or --query",
        "db login none|you are not allowed access to any database user for none, ask a cluster"
            + " administrator to ensure your Teleport user has appropriate db_users set",
        "db login orders|please provide the database user using the --db-user flag, allowed"
            + " database users for orders: [admin reader]",
        "db ls orders|\"orders\" is no label (expected: key=value, several with commas; --search"
            + " finds words)",
        "db logout orders|not logged into database \"orders\""
      })
  void whatIsWrongIsSaidLetterByLetter(String command, String said) {
    assertThat(tsh(command)).isOne();
    assertThat(err).startsWith("ERROR: " + said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "db login -u reader orders|Connection information for database \"orders\" has been saved.",
        "db logout|Not logged into any databases",
        "logout|Logged out all users from all proxies.",
        "logout --proxy=127.0.0.1 --user=alice|Logged out alice from 127.0.0.1.",
        "login --proxy=127.0.0.1:9|> Profile URL:        https://127.0.0.1:9"
      })
  void whatWasDoneIsSaidLetterByLetter(String command, String said) {
    assertThat(tsh(command)).as(err).isZero();
    assertThat(out).startsWith(said + "\n");
    assertThat(Optional.of(err)).contains("");
  }
}
