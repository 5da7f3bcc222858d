package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlJson;
import dev.sallyport.testkit.aws.AccessKey;
import dev.sallyport.testkit.client.InstalledClients;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import dev.sallyport.testkit.site.Laptop;
import dev.sallyport.testkit.site.Site;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import tools.jackson.databind.JsonNode;

/** The guide from its first command to its last, with the real launchers as separate processes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class GuideIT {
  private final int port = FreePorts.next();
  private final URI endpoint = URI.create("http://localhost:" + port);
  private final Path folder;
  private final GuideSite guide;
  private @Nullable RunningProcess tunnel;
  private @Nullable RunningProcess agent;

  GuideIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    guide = new GuideSite(folder);
  }

  @AfterAll
  void stop() {
    if (tunnel != null) {
      tunnel.close();
    }
    guide.close();
  }

  @Test
  @Order(1)
  void aClusterStartsAndSaysWhatItIs() throws Exception {
    guide.startCluster();
    CommandResult status = guide.site.tctl("status").orFail();
    assertThat(status.output())
        .contains("Cluster  teleport.example.com\n")
        .contains("Version  1.0.0\n")
        .containsPattern("CA pin   sha256:[0-9a-f]{64}\n");
    CommandResult find =
        guide
            .alice
            .run(
                java.util.Map.of(),
                List.of(
                    "curl",
                    "-s",
                    "--cacert",
                    folder.resolve("public-ca.pem").toString(),
                    "https://" + guide.site.proxyAddress() + "/v1/webapi/find"))
            .orFail();
    JsonNode found = ControlJson.MAPPER.readTree(find.output());
    assertThat(found.path("server_version").asString()).isEqualTo("1.0.0");
    assertThat(found.at("/proxy/ssh/web_listen_addr").asString())
        .isEqualTo("127.0.0.1:" + guide.site.webPort());
  }

  @Test
  @Order(2)
  void anInvitedUserSetsAPasswordAndSignsIn() throws Exception {
    guide.addAlice("access,editor");
    assertThat(guide.alice.tsh("status").errors()).contains("Not logged in");
    CommandResult wrong =
        guide.alice.tshTyping(
            "not the password\n", "login", "--proxy=" + guide.site.proxyAddress(), "--user=alice");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.errors()).contains("invalid username or password");
    guide.login();
    assertThat(guide.alice.home().resolve(".tsh").resolve("current-profile")).exists();
    CommandResult status = guide.alice.tsh("status", "-f", "json").orFail();
    JsonNode active = ControlJson.MAPPER.readTree(status.output()).path("active");
    assertThat(active.path("username").asString()).isEqualTo("alice");
    assertThat(active.path("cluster").asString()).isEqualTo("teleport.example.com");
    assertThat(active.path("roles").valueStream().map(JsonNode::asString))
        .containsExactlyInAnyOrder("access", "editor");
    assertThat(guide.alice.tctl("status").orFail().output()).contains("CA pin   sha256:");
  }

  @Test
  @Order(3)
  void theGuidesRoleIsMadeAndGivenByTheUserHerself() throws Exception {
    String role = folder.resolve("aws-dynamodb-access.yaml").toString();
    assertThat(guide.alice.tctl("create", "-f", role).orFail().output())
        .isEqualTo("role \"aws-dynamodb-access\" has been created\n");
    assertThat(
            guide
                .alice
                .tctl(
                    "users", "update", "alice", "--set-roles", "access,editor,aws-dynamodb-access")
                .orFail()
                .output())
        .contains("New roles: access,editor,aws-dynamodb-access");
    assertThat(guide.alice.tsh("logout").orFail().output() + "").contains("Logged out");
    guide.login();
    assertThat(guide.alice.tsh("status").orFail().output())
        .contains("aws-dynamodb-access")
        .contains("Logged in as:")
        .contains("alice");
  }

  @Test
  @Order(3)
  @EnabledOnOs(OS.LINUX)
  void aLoginOnAFullDiskIsToldAndIsNone() throws IOException {
    Laptop full = guide.laptop("full");
    List<String> login = List.of("login", "--proxy=" + guide.site.proxyAddress(), "--user=alice");
    try (RunningProcess process = full.start(login.toArray(String[]::new))) {
      process.fillDisk();
      CommandResult refused = process.finish(Site.PASSWORD + "\n", Duration.ofSeconds(60));
      assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
      assertThat(refused.errors()).contains(full.home().resolve(".tsh").toString(), "too large");
    }
    assertThat(full.tsh("status").errors()).contains("Not logged in");
    full.tshTyping(Site.PASSWORD + "\n", login.toArray(String[]::new)).orFail();
    assertThat(full.tsh("status").orFail().output()).contains("alice");
  }

  @Test
  @Order(4)
  void anAgentJoinsWithTheTokenAndItsDatabaseIsListed() throws Exception {
    agent = guide.joinAgent();
    CommandResult listed = guide.alice.tsh("db", "ls").orFail();
    assertThat(listed.output())
        .contains("example-dynamodb")
        .contains("[ExampleTeleportDynamoDBRole]")
        .contains("env=dev");
    assertThat(guide.site.tctl("db", "ls").orFail().output()).contains("agent-1");
  }

  @Test
  @Order(5)
  void theTunnelCarriesTheJavaSdk() throws Exception {
    tunnel = guide.openTunnel(port);
    try (DynamoDbClient client = SdkClients.dynamoDb(endpoint)) {
      assertThat(client.listTables().tableNames()).hasSize(3);
    }
    assertThat(guide.aws.gate().received())
        .isNotEmpty()
        .allSatisfy(request ->
            assertThat(request.caller().flatMap(AccessKey::role))
                .contains(guide.aws.account().role(GuideSite.IAM_ROLE)));
  }

  @Test
  @Order(6)
  void theTunnelCarriesTheAwsCli() throws Exception {
    for (InstalledClients.AwsCli aws : NeededClients.awsClis()) {
      CommandResult tables =
          guide.alice.run(
              InstalledClients.ENVIRONMENT,
              List.of(aws.command(), "dynamodb", "list-tables", "--endpoint-url=" + endpoint));
      assertThat(tables.exitCode()).as(tables.toString()).isZero();
      assertThat(tables.output()).contains("TableNames");
    }
  }

  @Test
  @Order(7)
  void theTunnelCarriesBoto3() throws Exception {
    CommandResult tables =
        guide.alice.run(
            InstalledClients.ENVIRONMENT,
            List.of(
                NeededClients.pythonWithBoto3(),
                "-c",
                "import boto3\nprint(boto3.client('dynamodb', endpoint_url='"
                    + endpoint
                    + "').list_tables()['TableNames'])"));
    assertThat(tables.exitCode()).as(tables.toString()).isZero();
    assertThat(tables.output()).startsWith("[");
  }

  @Test
  @Order(8)
  void everyRequestIsOnRecordWithTheUsersName() throws Exception {
    guide.site.awaitAudit(line ->
        line.contains("\"event\":\"db.session.dynamodb.request\"")
            && line.contains("\"user\":\"alice\"")
            && line.contains("DynamoDB_20120810.ListTables"));
    guide.site.awaitAudit(line -> line.contains("\"event\":\"db.session.start\""));
    guide.site.awaitAudit(line -> line.contains("\"event\":\"user.login\""));
  }

  @Test
  @Order(9)
  void anIdentityFileOpensATunnelWithoutAProfile() throws Exception {
    Path file = folder.resolve("alice.pem");
    guide
        .site
        .tctl("auth", "sign", "--user=alice", "--format=file", "--out=" + file, "--ttl=1h")
        .orFail();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    int other = FreePorts.next();
    try (RunningProcess automated =
            guide
                .site
                .laptop("robot", java.util.Map.of())
                .openTunnel(
                    other,
                    List.of(
                        "-i",
                        file.toString(),
                        "--proxy=" + guide.site.proxyAddress(),
                        "--db-user=" + GuideSite.IAM_ROLE,
                        GuideSite.DATABASE));
        DynamoDbClient client = SdkClients.dynamoDb(URI.create("http://localhost:" + other))) {
      assertThat(client.listTables().tableNames()).hasSize(3);
      automated.interrupt();
      assertThat(automated.awaitExit(Duration.ofSeconds(20))).contains(0);
    }
  }

  /** What they had is gone, and their tunnel goes on with what they have now. */
  @Test
  @Order(10)
  void whoWasMadeAnewSignsInAgainByTheSameCommand() throws Exception {
    Laptop laptop = guide.laptop("carol");
    String[] login = {"login", "--proxy=" + guide.site.proxyAddress(), "--user=carol"};
    String roles = "access,aws-dynamodb-access";
    guide.site.addUser("carol", roles, guide.browserTrust());
    laptop.tshTyping(Site.PASSWORD + "\n", login).orFail();
    assertThat(laptop.tsh(login).orFail().errors()).isEmpty();
    int other = FreePorts.next();
    try (RunningProcess open =
            laptop.openTunnel(
                other, List.of("--db-user=" + GuideSite.IAM_ROLE, GuideSite.DATABASE));
        DynamoDbClient client = SdkClients.dynamoDbOnce(URI.create("http://localhost:" + other))) {
      assertThat(client.listTables().tableNames()).hasSize(3);
      guide.site.tctl("users", "rm", "carol").orFail();
      guide.site.addUser("carol", roles, guide.browserTrust());
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> assertThatThrownBy(client::listTables).hasMessageContaining("was made anew"));
      assertThat(laptop.tsh("db", "ls").errors()).contains("sign in again with 'tsh login'");
      assertThat(laptop.tshTyping(Site.PASSWORD + "\n", login).orFail().errors())
          .contains("user \"carol\" was made anew after this sign-in");
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(SdkException.class)
          .untilAsserted(() -> assertThat(client.listTables().tableNames()).hasSize(3));
      assertThat(open.alive()).isTrue();
    }
  }

  @Test
  @Order(10)
  void noPrivateFileIsReadableByOthers() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> open =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toString().matches(".*(\\.key|\\.pem|\\.db|host_uuid|admin.*)"))
              .filter(file -> !file.startsWith(folder.resolve("proxy.key")))
              .filter(file -> !file.endsWith("public-ca.pem") && !file.endsWith("host_uuid"))
              .filter(GuideIT::othersMayRead)
              .toList();
      assertThat(open).isEmpty();
    }
  }

  @Test
  @Order(11)
  void anAgentThatReplacesTheFirstOneServesTheTunnelThatIsOpen() throws Exception {
    Objects.requireNonNull(agent, "the agent of an earlier step").kill();
    String first = Files.readString(folder.resolve("agent.yaml"));
    String second =
        first.replace(folder.resolve("agent").toString(), folder.resolve("agent-2").toString());
    assertThat(second).isNotEqualTo(first);
    Files.writeString(folder.resolve("agent.yaml"), second);
    guide.joinAgent();
    try (DynamoDbClient client = SdkClients.dynamoDbOnce(endpoint)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(SdkException.class)
          .untilAsserted(() -> assertThat(client.listTables().tableNames()).hasSize(3));
    }
  }

  /** Whoever was away while the keys changed, of people or of hosts, is told and signs in again. */
  @Test
  @Order(13)
  void whoMissedAChangeOfKeysSignsInAgainByTheSameCommand() throws Exception {
    String[] login = {"login", "--proxy=" + guide.site.proxyAddress(), "--user=alice"};
    for (String type : List.of("user", "host")) {
      guide.alice.tsh("db", "ls").orFail();
      for (String phase : List.of("init", "update_clients", "update_servers", "standby")) {
        guide.rotate(type, phase);
      }
      CommandResult refused = guide.alice.tsh("db", "ls");
      assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
      CommandResult again = guide.alice.tshTyping(Site.PASSWORD + "\n", login).orFail();
      assertThat(again.errors()).contains("does not count any more").contains("changed");
      guide.alice.tsh("db", "ls").orFail();
      try (DynamoDbClient client = SdkClients.dynamoDbOnce(endpoint)) {
        Awaitility.await(type + ": the tunnel that is open goes on")
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptionsInstanceOf(SdkException.class)
            .untilAsserted(() -> assertThat(client.listTables().tableNames()).hasSize(3));
      }
    }
  }

  private static boolean othersMayRead(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
          .matches(".*r.....$|......r..$|...r.....$");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
