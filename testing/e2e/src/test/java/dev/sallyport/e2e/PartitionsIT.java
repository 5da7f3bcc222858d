package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.ControlJson;
import dev.sallyport.e2e.LinedSite.Between;
import dev.sallyport.e2e.LinedSite.Part;
import dev.sallyport.e2e.LinedSite.Seen;
import dev.sallyport.testkit.site.FaultyLine;
import dev.sallyport.testkit.site.FaultyLine.Fault;
import dev.sallyport.testkit.site.FaultyLine.Way;
import dev.sallyport.testkit.site.PacketLoss;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
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
  private final LinedSite site;
  private final AtomicInteger ids = new AtomicInteger();

  PartitionsIT(@TempDir Path folder) throws IOException {
    site = new LinedSite(folder);
  }

  @BeforeAll
  void start() throws IOException {
    site.start();
    works();
  }

  @AfterEach
  void mend() {
    site.heal();
    works();
    assertThat(site.tunnel().process().alive()).isTrue();
  }

  @AfterAll
  void stop() {
    site.close();
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
    site.front.heal();
    site.toAws.heal();
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
    site.front.heal();
    works();
    assertThat(arrived(id)).as("never sent again by us").isLessThanOrEqualTo(1);
  }

  /** Both ends find out by their pings, and the agent connects anew. */
  @Test
  @Tag("long")
  void halfOpenConnectionsOfAnAgentAreFoundAndReplaced() {
    works();
    site.front.cut(Between.AGENT_AND_PROXY.word(), Fault.LOST);
    awaitSeen("no agent", NO_CONNECTION_MILLIS, seen -> seen.status() == 503);
    site.front.heal();
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
    site.front.cut(Between.AGENT_AND_AUTH.word(), fault);
    awaitSeen("the stale view", WHOLE_MILLIS, seen -> seen.status() == 503);
    site.front.heal();
    String id = works();
    Awaitility.await("the record")
        .atMost(PATIENCE)
        .until(() -> outcome(id, before).equals("answered"));
  }

  /** Agents hear Auth by way of the Proxy. */
  @Test
  void aProxyThatDoesNotHearAuthIsAnOutageAndServesAgainAfterwards() throws IOException {
    refusesWhileTheProxyHearsNoAuth(Fault.HELD);
  }

  @Test
  @Tag("long")
  void soItIsWhenBytesBetweenProxyAndAuthAreLost() throws IOException {
    refusesWhileTheProxyHearsNoAuth(Fault.LOST);
  }

  private void refusesWhileTheProxyHearsNoAuth(Fault fault) throws IOException {
    works();
    Instant before = clock.instant();
    site.toAuth.cut(FaultyLine.ALL, fault);
    String refused = awaitSeen("the stale view", WHOLE_MILLIS, Seen::outage);
    site.toAuth.heal();
    String id = works();
    Awaitility.await("the record")
        .atMost(PATIENCE)
        .until(() -> outcome(id, before).equals("answered"));
    assertThat(arrived(refused)).isZero();
  }

  /**
   * Auth may be heard too late for a moment: then the request is refused, and the next one goes
   * through. What the Proxy and the agents tell Auth arrives nevertheless.
   */
  @Test
  void lostPacketsOnTheWayToAuthCostTimeAndNoRecord() throws IOException {
    works();
    Instant before = clock.instant();
    List<String> fine = new ArrayList<>();
    try (PacketLoss _ = NeededClients.packetLoss(site.guide.site.authPort(), LOST_PERCENT)) {
      for (int i = 0; i < REQUESTS_WITH_LOSS; i++) {
        fine.add(works());
      }
      for (String id : fine) {
        assertThat(arrived(id)).isEqualTo(1);
      }
      Awaitility.await("the last record")
          .atMost(PATIENCE)
          .until(() -> outcome(fine.getLast(), before).equals("answered"));
    }
  }

  /** TCP sends again what was lost, which takes its time; every request arrives once. */
  @Test
  void lostPacketsCostTimeAndNoRequest() {
    int proxy = site.guide.site.webPort();
    int aws = site.guide.aws.dynamoDbUri().getPort();
    try (PacketLoss _ = NeededClients.packetLoss(proxy, LOST_PERCENT);
        PacketLoss _ = NeededClients.packetLoss(aws, LOST_PERCENT)) {
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
    try (PacketLoss _ = NeededClients.packetLoss(site.guide.site.webPort(), 100)) {
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
    site.toAws.cut(FaultyLine.ALL, way, Fault.LOST);
    String id = nextId();
    assertThat(ask(id, WHOLE_MILLIS)).as("no status is made up").isEqualTo(Seen.NOTHING);
    assertThat(arrived(id)).isEqualTo(way == Way.BACK ? 1 : 0);
    site.toAws.heal();
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
    site.process(part).suspend();
    awaitSeen("the outage", NO_CONNECTION_MILLIS, Seen::outage);
    site.process(part).resume();
    works();
  }

  private void cut(Between line, Way way, Fault fault) {
    site.line(line).cut(line.word(), way, fault);
  }

  private void awaitHeld(Between line) {
    Awaitility.await("bytes that are held")
        .atMost(PATIENCE)
        .until(() -> site.line(line).waiting() > 0);
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
    return site.ask(id, patienceMillis);
  }

  private long arrived(String id) {
    return site.arrived(id);
  }

  private String outcome(String id, Instant from) throws IOException {
    for (String line : site.guide.site.searchAudit(from)) {
      JsonNode event = ControlJson.MAPPER.readTree(line);
      if (event.path("invocation_id").asString("").equals(id)) {
        return event.path("outcome").asString("");
      }
    }
    return "";
  }
}
