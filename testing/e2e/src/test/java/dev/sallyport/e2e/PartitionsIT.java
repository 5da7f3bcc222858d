package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.control.ControlJson;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FaultyLine;
import dev.sallyport.testkit.site.FaultyLine.Fault;
import dev.sallyport.testkit.site.FaultyLine.Way;
import dev.sallyport.testkit.site.PacketLoss;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Lines between our parts, and to AWS, are cut without anybody being told, and whole processes
 * stand still. What a program sees meanwhile is defined, no request arrives twice, and all goes on
 * when the line heals; nothing is started anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PartitionsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** How long a program waits for an answer that can't come, before it leaves. */
  private static final int PROGRAM_MILLIS = 2_000;

  /** Longer than tsh lets a request wait for a connection. */
  private static final int NO_CONNECTION_MILLIS = 13_000;

  private static final int WHOLE_MILLIS = 60_000;
  private static final int LOST_PERCENT = 10;
  private static final int REQUESTS_WITH_LOSS = 30;

  private final InstantSource clock = InstantSource.system();
  private final FaultyLine front = new FaultyLine();
  private final FaultyLine toAws = new FaultyLine();
  private final FaultyLine toAuth = new FaultyLine();
  private final GuideSite guide;
  private final AtomicInteger ids = new AtomicInteger();
  private @Nullable RunningProcess auth;
  private @Nullable RunningProcess proxy;
  private @Nullable RunningProcess agent;
  private Robot.@Nullable Tunnel tunnel;

  PartitionsIT(@TempDir Path folder) throws IOException {
    AwsStandIn aws =
        AwsStandIn.start(
            AwsStandIn.Account.example(),
            InstantSource.system(),
            (request, caller) -> ScriptedUpstream.json(200, "R", "{\"TableNames\":[]}"),
            Optional.empty());
    guide =
        new GuideSite(
            folder,
            aws,
            site -> {
              front.leadTo(site.webPort());
              site.publishAt(front.port());
            });
    toAws.leadTo(aws.dynamoDbUri().getPort());
  }

  /** Where a line runs. */
  enum Between {
    TSH_AND_PROXY,
    AGENT_AND_PROXY,
    AGENT_AND_AUTH,
    AGENT_AND_AWS
  }

  enum Part {
    AGENT,
    AUTH,
    PROXY
  }

  /** What a program saw: a status and its text, or none. */
  private record Seen(int status, String text) {
    static final Seen NOTHING = new Seen(0, "");

    boolean fine() {
      return status == 200;
    }

    /** What SDKs try again. */
    boolean outage() {
      return status == 503 || (status == 400 && text.contains("ThrottlingException"));
    }
  }

  @BeforeAll
  void start() throws IOException {
    Path file = guide.site.folder().resolve("agent.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("  enabled: true\n", "  enabled: true\n  limits:\n    answer_timeout: 10s\n"));
    auth = guide.startAuth();
    toAuth.leadTo(guide.site.authPort());
    proxy = guide.joinProxy(toAuth.port());
    guide.createRole();
    Files.writeString(
        guide.site.folder().resolve("token"),
        guide.site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output());
    Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:" + toAws.port());
    agent = guide.site.startService(file, environment);
    agent.awaitLine("\\[DB\\].*serving");
    tunnel =
        Robot.add(guide, "owner", "aws-dynamodb-access", "1h")
            .open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
    works();
  }

  @AfterEach
  void mend() {
    front.heal();
    toAws.heal();
    toAuth.heal();
    for (Part part : Part.values()) {
      process(part).resume();
    }
    works();
    assertThat(Objects.requireNonNull(tunnel).process().alive()).isTrue();
  }

  @AfterAll
  void stop() {
    if (tunnel != null) {
      tunnel.close();
    }
    front.close();
    toAws.close();
    toAuth.close();
    guide.close();
  }

  /** TCP delivers afterwards what it could not deliver at once. */
  @ParameterizedTest
  @CsvSource({
    "TSH_AND_PROXY, THERE",
    "TSH_AND_PROXY, BACK",
    "AGENT_AND_PROXY, THERE",
    "AGENT_AND_PROXY, BACK",
    "AGENT_AND_AWS, THERE",
    "AGENT_AND_AWS, BACK",
  })
  void aRequestOutlivesAPartitionThatHealsSoon(Between line, Way way) {
    works();
    cut(line, way, Fault.HELD);
    String id = nextId();
    CompletableFuture<Seen> call = CompletableFuture.supplyAsync(() -> ask(id, WHOLE_MILLIS));
    awaitHeld(line);
    front.heal();
    toAws.heal();
    assertThat(call.join()).as(line + " " + way).matches(Seen::fine);
    assertThat(arrived(id)).isEqualTo(1);
  }

  /** Requests or answers are gone: the program leaves, and its next try gets through. */
  @ParameterizedTest
  @EnumSource
  @Tag("long")
  void whatIsLostBetweenTshAndTheProxyIsForTheProgramToTryAgain(Way way) {
    works();
    cut(Between.TSH_AND_PROXY, way, Fault.LOST);
    String id = nextId();
    assertThat(ask(id, PROGRAM_MILLIS)).isEqualTo(Seen.NOTHING);
    assertThat(arrived(id)).isLessThanOrEqualTo(1);
    awaitSeen("no connection can be opened", NO_CONNECTION_MILLIS, Seen::outage);
    front.heal();
    works();
    assertThat(arrived(id)).as("never sent again by us").isLessThanOrEqualTo(1);
  }

  /** Both ends find out by their pings, and the agent connects anew. */
  @Test
  @Tag("long")
  void halfOpenConnectionsOfAnAgentAreFoundAndReplaced() {
    works();
    front.cut(word(Between.AGENT_AND_PROXY), Fault.LOST);
    awaitSeen("no agent", NO_CONNECTION_MILLIS, seen -> seen.status() == 503);
    front.heal();
    works();
  }

  @Test
  void anAgentThatDoesNotHearAuthRefusesForTheTimeAndGoesOnAfterwards() throws IOException {
    refusesWithoutAuth(Fault.HELD);
  }

  @Test
  @Tag("long")
  void soItDoesWhenBytesToAuthAreLost() throws IOException {
    refusesWithoutAuth(Fault.LOST);
  }

  private void refusesWithoutAuth(Fault fault) throws IOException {
    works();
    Instant before = clock.instant();
    front.cut(word(Between.AGENT_AND_AUTH), fault);
    awaitSeen("the stale view", WHOLE_MILLIS, seen -> seen.status() == 503);
    front.heal();
    String id = works();
    Awaitility.await("the record")
        .atMost(PATIENCE)
        .until(() -> outcome(id, before).equals("answered"));
  }

  /** Agents hear Auth by way of the Proxy. */
  @Test
  void aProxyThatDoesNotHearAuthIsAnOutageAndServesAgainAfterwards() {
    works();
    toAuth.cut(FaultyLine.ALL, Fault.HELD);
    awaitSeen("the stale view", WHOLE_MILLIS, Seen::outage);
    toAuth.heal();
    works();
  }

  /** TCP sends again what was lost, which takes its time; every request arrives once. */
  @Test
  void lostPacketsCostTimeAndNoRequest() {
    Optional<PacketLoss> atTheProxy = PacketLoss.begin(guide.site.webPort(), LOST_PERCENT);
    assumeTrue(atTheProxy.isPresent(), "no packets can be lost here: that takes root, and nft");
    int aws = guide.aws.dynamoDbUri().getPort();
    try (PacketLoss _ = atTheProxy.get();
        PacketLoss _ = PacketLoss.begin(aws, LOST_PERCENT).orElseThrow()) {
      for (int i = 0; i < REQUESTS_WITH_LOSS; i++) {
        String id = nextId();
        assertThat(ask(id, WHOLE_MILLIS)).matches(Seen::fine);
        assertThat(arrived(id)).isEqualTo(1);
      }
    }
  }

  /** Nothing gets through any more, and no end is told. */
  @Test
  @Tag("long")
  void aLineThatLosesEveryPacketIsAnOutageAndServesAgainAfterwards() {
    works();
    Optional<PacketLoss> everything = PacketLoss.begin(guide.site.webPort(), 100);
    assumeTrue(everything.isPresent(), "no packets can be lost here: that takes root, and nft");
    try (PacketLoss _ = everything.get()) {
      awaitSeen("the outage", NO_CONNECTION_MILLIS, Seen::outage);
    }
    works();
  }

  /** The answer's time ends, and nobody knows whether the request was acted upon. */
  @ParameterizedTest
  @EnumSource
  @Tag("long")
  void whatIsLostBetweenAgentAndAwsHasNoKnownOutcome(Way way) throws IOException {
    works();
    Instant before = clock.instant();
    toAws.cut(FaultyLine.ALL, way, Fault.LOST);
    String id = nextId();
    assertThat(ask(id, WHOLE_MILLIS)).as("no status is made up").isEqualTo(Seen.NOTHING);
    assertThat(arrived(id)).isEqualTo(way == Way.BACK ? 1 : 0);
    toAws.heal();
    works();
    Awaitility.await("the record")
        .atMost(PATIENCE)
        .until(() -> outcome(id, before).equals("unknown"));
    assertThat(arrived(id)).isEqualTo(way == Way.BACK ? 1 : 0);
  }

  /** SIGSTOP, for as long as it takes to be noticed, and SIGCONT. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROXY")
  void aPartThatStandsStillIsAnOutageAndServesAgainWhenItGoesOn(Part part) {
    standsStill(part);
  }

  @Test
  @Tag("long")
  void soItIsWithTheProxy() {
    standsStill(Part.PROXY);
  }

  private void standsStill(Part part) {
    works();
    process(part).suspend();
    awaitSeen("the outage", NO_CONNECTION_MILLIS, Seen::outage);
    process(part).resume();
    works();
  }

  private void cut(Between line, Way way, Fault fault) {
    if (line == Between.AGENT_AND_AWS) {
      toAws.cut(FaultyLine.ALL, way, fault);
    } else {
      front.cut(word(line), way, fault);
    }
  }

  private void awaitHeld(Between line) {
    FaultyLine held = line == Between.AGENT_AND_AWS ? toAws : front;
    Awaitility.await("bytes that are held").atMost(PATIENCE).until(() -> held.waiting() > 0);
  }

  /** What a client of this kind says in its first words. */
  private static String word(Between line) {
    return switch (line) {
      case TSH_AND_PROXY -> "teleport-dynamodb";
      case AGENT_AND_PROXY -> "teleport-reversetunnel";
      case AGENT_AND_AUTH -> "teleport-auth";
      case AGENT_AND_AWS -> throw new IllegalArgumentException("a line of its own");
    };
  }

  private RunningProcess process(Part part) {
    return Objects.requireNonNull(
        switch (part) {
          case AGENT -> agent;
          case AUTH -> auth;
          case PROXY -> proxy;
        });
  }

  /** Asks until a request goes through; its id. */
  private String works() {
    return awaitSeen("a request that goes well", PROGRAM_MILLIS * 5, Seen::fine);
  }

  /** Asks until a program sees this; the id of the request. */
  private String awaitSeen(String what, int programMillis, Predicate<Seen> wanted) {
    AtomicReference<String> asked = new AtomicReference<>("");
    Awaitility.await(what)
        .atMost(PATIENCE)
        .until(() -> {
          asked.set(nextId());
          return wanted.test(ask(asked.get(), programMillis));
        });
    return asked.get();
  }

  private String nextId() {
    return "partition-" + ids.incrementAndGet();
  }

  private Seen ask(String id, int patienceMillis) {
    int port = Objects.requireNonNull(tunnel).port();
    try (RawClient client = new RawClient(port, patienceMillis)) {
      RawRequest.of(
              id,
              "DynamoDB_20120810.ListTables",
              "{}".getBytes(StandardCharsets.UTF_8),
              RawRequest.Form.SIZED)
          .sendBy(client, port);
      RawClient.Got got = client.read();
      return new Seen(got.status(), got.text());
    } catch (IOException e) {
      return Seen.NOTHING;
    }
  }

  private long arrived(String id) {
    return guide.aws.gate().received().stream()
        .filter(one -> one.request().only(FarEnd.ID).equals(Optional.of(id)))
        .count();
  }

  private String outcome(String id, Instant from) throws IOException {
    for (String line : guide.site.searchAudit(from)) {
      JsonNode event = ControlJson.MAPPER.readTree(line);
      if (event.path("invocation_id").asString("").equals(id)) {
        return event.path("outcome").asString("");
      }
    }
    return "";
  }
}
