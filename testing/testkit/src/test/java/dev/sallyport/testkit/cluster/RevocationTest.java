package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// What is taken back with `tctl` or `tsh logout` while a tunnel is open and in use.
class RevocationTest {
  /// Far above the second that is promised, since the machine may be busy with other things.
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final Pattern MADE =
      Pattern.compile("Created a lock with name \"([0-9a-f-]{36})\"\\.");

  @TempDir static Path folder;
  private static AwsStandIn aws;
  private static TestCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    aws = AwsStandIn.start(AwsStandIn.Account.example(), InstantSource.system());
    cluster = TestCluster.start(folder, aws, InstantSource.system());
  }

  @AfterAll
  static void stop() {
    cluster.close();
    aws.close();
  }

  private static Person person(String name) throws Exception {
    var person = cluster.addPerson(name, "access,aws-dynamodb-access");
    cluster.signIn(person);
    return person;
  }

  private static String lock(String... arguments) {
    var all = new String[arguments.length + 1];
    all[0] = "lock";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    var printed = cluster.tctl(all).orFail().output();
    var made = MADE.matcher(printed);
    assertThat(made.find()).as(printed).isTrue();
    return made.group(1);
  }

  /// What a request is answered: empty when it works.
  private static String answer(DynamoDbClient client) {
    try {
      client.listTables();
      return "";
    } catch (SdkException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void awaitAnswer(DynamoDbClient client, String text) {
    await().atMost(SOON).untilAsserted(() -> assertThat(answer(client)).contains(text));
  }

  private static void awaitWorks(DynamoDbClient client) {
    await().atMost(SOON).untilAsserted(() -> assertThat(answer(client)).isEmpty());
  }

  private static Person.Tunnel open(Person person) {
    return person.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE);
  }

  /// On another machine, since one that is signed in does not ask again.
  private static CommandResult signInElsewhere(String user) throws IOException {
    return cluster
        .person("elsewhere")
        .tshTyping(
            TestCluster.PASSWORD + "\n",
            "login",
            "--proxy=" + cluster.proxyAddress(),
            "--user=" + user,
            "--ca-pin=" + cluster.caPin());
  }

  /// Requests one after the other until told to stop; every answer in order.
  private record Load(AtomicBoolean on, ConcurrentLinkedQueue<String> answers) {
    static Load start(URI endpoint) {
      var load = new Load(new AtomicBoolean(true), new ConcurrentLinkedQueue<>());
      Thread.ofVirtual()
          .start(() -> {
            try (var client = SdkClients.dynamoDbOnce(endpoint)) {
              while (load.on.get()) {
                load.answers.add(answer(client));
              }
            }
          });
      return load;
    }
  }

  @Test
  void aLockActsUnderLoadAndLetsGoWhenItIsRemoved() throws Exception {
    var alice = person("alice");
    var text = "lock targeting User:\"alice\" is in force: left the company";
    try (var tunnel = open(alice);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      awaitWorks(client);
      var load = Load.start(tunnel.endpoint());
      await().atMost(SOON).until(() -> load.answers().contains(""));
      var name = lock("--user=alice", "--message=left the company", "--ttl=10h");
      await().atMost(SOON).until(() -> load.answers().stream().anyMatch(one -> one.contains(text)));
      load.on().set(false);
      var answers = load.answers().stream().toList();
      var first = answers.stream().filter(one -> !one.isEmpty()).findFirst().orElseThrow();
      assertThat(answers.subList(answers.indexOf(first), answers.size()))
          .as("once refused, always refused, and with no other answer in between")
          .allSatisfy(one -> assertThat(one).contains(text));

      assertThat(cluster.tctl("get", "locks").output())
          .contains("user: alice", "left the company", "created_by:");
      assertThat(signInElsewhere("alice").errors()).contains("ERROR: " + text);
      cluster.tctl("rm", "lock/" + name).orFail();
      awaitWorks(client);
    }
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(records())
                .contains("\"lock.created\"", "\"lock.deleted\"", "\"client.disconnect\"")
                .contains("\"code\":\"T3006I\""));
  }

  @Test
  void aRoleTakenAwayAndAUserDeletedActOnAnOpenTunnel() throws Exception {
    var bob = person("bob");
    try (var tunnel = open(bob);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      awaitWorks(client);
      cluster.tctl("users", "update", "bob", "--set-roles=auditor").orFail();
      awaitAnswer(client, "access to db denied.");
      cluster.tctl("users", "update", "bob", "--set-roles=access,aws-dynamodb-access").orFail();
      awaitWorks(client);

      cluster.tctl("users", "rm", "bob").orFail();
      awaitAnswer(client, "User \"bob\" does not exist any more");
      cluster.tctl("users", "add", "bob", "--roles=access,aws-dynamodb-access").orFail();
      awaitAnswer(client, "was made anew after this sign-in");
    }
  }

  @Test
  void aRoleThatAllowsLessActsOnAnOpenTunnel() throws Exception {
    var frank = cluster.addPerson("frank", "access");
    var role =
        """
        kind: role
        version: v7
        metadata: {name: franks}
        spec:
          allow: {db_labels: {env: %s}, db_users: ['%s']}
        """;
    create(role.formatted("test", TestCluster.IAM_ROLE));
    cluster.tctl("users", "update", "frank", "--set-roles=franks").orFail();
    cluster.signIn(frank);
    try (var tunnel = open(frank);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      awaitWorks(client);
      create(role.formatted("prod", TestCluster.IAM_ROLE));
      awaitAnswer(client, "access to db denied.");
      create(role.formatted("test", TestCluster.IAM_ROLE));
      awaitWorks(client);
      create(role.formatted("test", "AnotherRole"));
      awaitAnswer(client, "access to db denied.");
    }
  }

  private static void create(String document) throws IOException {
    var file = Files.writeString(folder.resolve("document.yaml"), document);
    cluster.tctl("create", "-f", file.toString()).orFail();
  }

  @Test
  void aTraitTakenAwayActsOnAnOpenTunnelAndLetsGoWhenItIsGivenBack() throws Exception {
    var dora = cluster.addPerson("dora", "access");
    var given = "--set-db-users=" + TestCluster.IAM_ROLE;
    cluster.tctl("users", "update", "dora", given).orFail();
    cluster.signIn(dora);
    try (var tunnel = open(dora);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      awaitWorks(client);
      cluster.tctl("users", "update", "dora", "--set-db-users=").orFail();
      awaitAnswer(client, "access to db denied.");
      cluster.tctl("users", "update", "dora", given).orFail();
      awaitWorks(client);
    }
  }

  @Test
  void signingOutEndsTunnelsThatHoldACopyOfTheCertificate() throws Exception {
    var carol = person("carol");
    try (var tunnel = open(carol);
        var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
      awaitWorks(client);
      assertThat(carol.tsh("logout").orFail().errors()).isEmpty();
      awaitAnswer(client, "signed out");
    }
  }

  private static String records() throws Exception {
    try (var files = Files.list(cluster.dataFolder().resolve("log"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> {
            try {
              return Files.readString(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          })
          .collect(Collectors.joining());
    }
  }
}
