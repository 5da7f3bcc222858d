package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.DynamoDbLocal;
import dev.sallyport.testkit.aws.HttpUpstream;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Signals to processes that are in use. To an agent: HUP, and its file is read again; TERM, and it
 * ends what is under way. To a tunnel: KILL, and STOP for a while.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledOnOs(OS.WINDOWS)
final class SignalsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final String SECOND = "second-dynamodb";
  private static final int CALLS_THAT_SHOW_IT = 10;
  private static final int STOPS = 2;
  private static final int HEALTH_MILLIS = 2_000;
  private static final String BROKEN = "broken connection";

  /** The invocation id of a request whose answer takes longer than an agent waits for it. */
  private static final String SLOW = "slow";

  private static final Duration SLOWNESS = Duration.ofSeconds(40);

  private final Path file;
  private final DynamoDbLocal local = DynamoDbLocal.start();
  private final GuideSite guide;
  private String text = "";
  private @Nullable RunningProcess agent;
  private @Nullable Robot owner;

  SignalsIT(@TempDir Path folder) throws IOException {
    file = folder.resolve("agent.yaml");
    HttpUpstream tables = new HttpUpstream(local.uri());
    guide =
        new GuideSite(
            folder,
            AwsStandIn.start(
                AwsStandIn.Account.example(),
                InstantSource.system(),
                (request, caller) ->
                    request.only(FarEnd.ID).equals(Optional.of(SLOW))
                        ? ScriptedUpstream.json(200, "R", "{\"TableNames\":[]}").after(SLOWNESS)
                        : tables.answer(request, caller),
                Optional.empty()));
  }

  @BeforeAll
  void start() throws IOException {
    Load.createTable(guide);
    guide.startCluster();
    guide.createRole();
    agent = guide.joinAgent();
    owner = Robot.add(guide, "owner", "aws-dynamodb-access", "1h");
    text = Files.readString(file);
  }

  @BeforeEach
  void restore() throws IOException {
    Files.writeString(file, text);
  }

  @AfterAll
  void stop() {
    guide.close();
    local.close();
  }

  @Test
  void databasesComeChangeAndGoUnderLoadAndTheOthersAreNotDisturbed() throws IOException {
    Instant begun = Instant.now();
    try (Robot.Tunnel first = owner().open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
        Load load = Load.start(first.port(), PAUSE)) {
      awaitGoingWell(load);
      reload(text + second("dev"), "changes=\"?added " + SECOND);
      awaitListed(true);
      try (Robot.Tunnel second = owner().open(GuideSite.IAM_ROLE, SECOND);
          DynamoDbClient client =
              SdkClients.dynamoDb(URI.create("http://localhost:" + second.port()))) {
        assertThat(client.listTables().tableNames()).contains(Load.TABLE);
        reload(text + second("test"), "changes=\"?changed " + SECOND);
        assertThat(client.listTables().tableNames())
            .as("the SDK tries again, on a connection to what the database is now")
            .contains(Load.TABLE);
        reload(text, "changes=\"?removed " + SECOND);
        assertThatThrownBy(client::listTables)
            .isInstanceOf(DynamoDbException.class)
            .hasMessageContaining(SECOND);
      }
      awaitListed(false);
      awaitGoingWell(load);
      load.stop();
      assertThat(load.wrong()).isEmpty();
      assertThat(load.failures()).isEmpty();
    }
    assertThat(guide.site.searchAudit(begun))
        .filteredOn(line -> line.contains("\"" + GuideSite.DATABASE + "\""))
        .isNotEmpty()
        .noneMatch(line -> line.contains("was changed") || line.contains("no longer serves"));
  }

  @Test
  void aFileThatIsBrokenChangesNothingAndItsFaultsAreTold() throws IOException {
    reload(
        text.replace("  nodename:", "  nodname:").replace("\"123456789012\"", "\"1234\"")
            + second("dev"),
        "was not reloaded.*agent\\.yaml: line 3, column 3: teleport\\.nodname");
    assertThat(agent().alive()).isTrue();
    assertThat(agent().transcript()).contains("must be 12-digit");
    assertThat(guide.site.tctl("db", "ls").orFail().output())
        .contains(GuideSite.DATABASE)
        .doesNotContain(SECOND);
  }

  @Test
  void theSeverityOfTheLogChangesAndWhatNeedsARestartIsNamed() throws IOException {
    reload(
        text.replace("nodename: agent-1", "nodename: other\n  log: {severity: DEBUG}"),
        "was reloaded.*severity=\"?DEBUG");
    agent().awaitLine("need a restart to apply.*teleport\\.nodename");
    reload(text, "was reloaded.*severity=\"?INFO");
  }

  @Test
  void anAgentThatIsToldToStopUnderLoadCutsNothingOff() throws IOException {
    AuditLedger ledger = new AuditLedger(guide, InstantSource.system());
    try (Robot.Tunnel tunnel = owner().open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
        Load load = Load.start(tunnel.port(), PAUSE)) {
      for (int i = 0; i < STOPS; i++) {
        awaitGoingWell(load);
        agent().terminate();
        assertThat(agent().awaitExit(PATIENCE)).as(agent().transcript()).contains(0);
        agent = guide.startAgent();
      }
      awaitGoingWell(load);
      load.stop();
      assertThat(load.wrong()).isEmpty();
      assertThat(load.failures().keySet()).containsExactly("503 ServiceUnavailableException");
    }
    AuditLedger.Balance balance = ledger.balance();
    assertThat(balance.reached()).isPositive();
    assertThat(balance.withoutRecord()).isEmpty();
    assertThat(balance.withoutRequest()).isEmpty();
    assertThat(balance.twice()).isEmpty();
    assertThat(balance.unknown()).as("cut off").isEmpty();
  }

  /** It waits ten seconds. */
  @Test
  void anAnswerThatAStoppingAgentCannotWaitForIsCutOffAndItsOutcomeIsUnknown() throws IOException {
    Instant begun = Instant.now();
    try (Robot.Tunnel tunnel = owner().open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
        RawClient client = new RawClient(tunnel.port())) {
      byte[] body = "{}".getBytes(StandardCharsets.US_ASCII);
      RawRequest.of(SLOW, "DynamoDB_20120810.ListTables", body, RawRequest.Form.SIZED)
          .sendBy(client, tunnel.port());
      Awaitility.await("the request").atMost(PATIENCE).until(() -> arrived(SLOW) == 1);
      agent().terminate();
      assertThatThrownBy(client::read).as("no status is made up").isInstanceOf(IOException.class);
      assertThat(agent().awaitExit(PATIENCE)).as(agent().transcript()).contains(0);
    }
    agent = guide.startAgent();
    Awaitility.await("the record")
        .atMost(PATIENCE)
        .until(() ->
            guide.site.searchAudit(begun).stream()
                .filter(line -> line.contains("\"invocation_id\":\"" + SLOW + "\""))
                .anyMatch(line -> line.contains("\"outcome\":\"unknown\"")));
    assertThat(arrived(SLOW)).isEqualTo(1);
  }

  private long arrived(String id) {
    return guide.aws.gate().received().stream()
        .filter(one -> one.request().only(FarEnd.ID).equals(Optional.of(id)))
        .count();
  }

  @Test
  void aTunnelThatIsKilledUnderLoadIsOpenedAgainAndNothingIsDoneTwice() throws IOException {
    AuditLedger ledger = new AuditLedger(guide, InstantSource.system());
    try (Robot.Tunnel first = owner().open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
        Load load = Load.start(first.port(), PAUSE)) {
      awaitGoingWell(load);
      first.process().kill();
      Awaitility.await("the loss")
          .atMost(PATIENCE)
          .until(() -> load.failures().containsKey(BROKEN));
      try (Robot.Tunnel _ = owner().open(first.port(), GuideSite.IAM_ROLE, GuideSite.DATABASE)) {
        awaitGoingWell(load);
        load.stop();
      }
      assertThat(load.wrong()).isEmpty();
      assertThat(load.failures().keySet()).isSubsetOf(BROKEN, "503 ServiceUnavailableException");
    }
    AuditLedger.Balance balance = ledger.balance();
    assertThat(balance.reached()).isPositive();
    assertThat(balance.withoutRecord()).isEmpty();
    assertThat(balance.withoutRequest()).isEmpty();
    assertThat(balance.twice()).isEmpty();
  }

  /** SIGTERM: what is under way ends, and the port is free for the next one. */
  @Test
  void aTunnelThatIsToldToStopUnderLoadCutsNothingOffAndIsOpenedAgain() throws IOException {
    AuditLedger ledger = new AuditLedger(guide, InstantSource.system());
    long succeeded;
    try (Robot.Tunnel first = owner().open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
        Load load = Load.start(first.port(), PAUSE)) {
      awaitGoingWell(load);
      first.process().terminate();
      assertThat(first.process().awaitExit(PATIENCE)).as(first.process().transcript()).contains(0);
      Awaitility.await("the loss")
          .atMost(PATIENCE)
          .until(() -> load.failures().containsKey(BROKEN));
      try (Robot.Tunnel _ = owner().open(first.port(), GuideSite.IAM_ROLE, GuideSite.DATABASE)) {
        awaitGoingWell(load);
        load.stop();
      }
      succeeded = load.succeeded();
      assertThat(load.wrong()).isEmpty();
      assertThat(load.failures().keySet()).isSubsetOf(BROKEN, "503 ServiceUnavailableException");
    }
    AuditLedger.Balance balance = ledger.balance();
    assertThat((long) balance.reached())
        .as("whatever reached AWS was answered to its program")
        .isEqualTo(succeeded);
    assertThat(balance.withoutRecord()).isEmpty();
    assertThat(balance.withoutRequest()).isEmpty();
    assertThat(balance.twice()).isEmpty();
  }

  /** SIGSTOP: programs wait, and go on when it does. */
  @Test
  void aTunnelThatStandsStillUnderLoadGoesOnAfterwards() throws IOException {
    AuditLedger ledger = new AuditLedger(guide, InstantSource.system());
    try (Robot.Tunnel tunnel = owner().open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
        Load load = Load.start(tunnel.port(), PAUSE)) {
      awaitGoingWell(load);
      tunnel.process().suspend();
      try {
        assertThat(answers(tunnel.port())).as("while it stands still").isFalse();
      } finally {
        tunnel.process().resume();
      }
      assertThat(answers(tunnel.port())).isTrue();
      awaitGoingWell(load);
      load.stop();
      assertThat(load.wrong()).isEmpty();
      assertThat(load.failures().keySet()).isSubsetOf(BROKEN, "503 ServiceUnavailableException");
    }
    AuditLedger.Balance balance = ledger.balance();
    assertThat(balance.withoutRecord()).isEmpty();
    assertThat(balance.twice()).isEmpty();
  }

  /** Whether the port says that it is there, within two seconds. */
  private static boolean answers(int port) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://localhost:" + port + "/healthz").toURL().openConnection();
      connection.setConnectTimeout(HEALTH_MILLIS);
      connection.setReadTimeout(HEALTH_MILLIS);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  private void awaitListed(boolean there) {
    Awaitility.await("the cluster hears of it")
        .atMost(PATIENCE)
        .until(() -> guide.site.tctl("db", "ls").orFail().output().contains(SECOND) == there);
  }

  /** Writes the file, sends HUP, and waits for a line of the log that was not there before. */
  private void reload(String config, String told) throws IOException {
    int before = count(told);
    Files.writeString(file, config);
    agent().hangUp();
    Awaitility.await(told).atMost(PATIENCE).until(() -> count(told) > before);
  }

  private int count(String told) {
    return (int) Pattern.compile(told).matcher(agent().transcript()).results().count();
  }

  private static String second(String env) {
    return """
        - name: "%s"
          protocol: "dynamodb"
          static_labels:
            env: "%s"
          aws:
            region: "us-east-1"
            account_id: "123456789012"
    """
        .formatted(SECOND, env);
  }

  private static void awaitGoingWell(Load load) {
    Awaitility.await("calls that go well")
        .atMost(PATIENCE)
        .until(() -> load.goingWellFor(CALLS_THAT_SHOW_IT));
  }

  private RunningProcess agent() {
    if (agent == null) {
      throw new IllegalStateException("not started");
    }
    return agent;
  }

  private Robot owner() {
    if (owner == null) {
      throw new IllegalStateException("not started");
    }
    return owner;
  }
}
