package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.e2e.LinedSite.Between;
import dev.sallyport.e2e.LinedSite.Seen;
import dev.sallyport.testkit.site.FaultyLine;
import dev.sallyport.testkit.site.FaultyLine.Way;
import dev.sallyport.testkit.site.Fuse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program sends two requests in one go, and one of the lines between it and AWS is reset after so
 * many bytes of them or of their answers. Of each request at most one reaches AWS, no answer goes
 * to the other one, and what is told as not sent was not sent.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChainResetsIT {
  private static final Logger log = LoggerFactory.getLogger(ChainResetsIT.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int PROGRAM_MILLIS = 20_000;

  /** As many requests in a row. */
  private static final int CALM = 3;

  private static final int MEASURED = 3;

  /** For each way of each line. */
  private static final int PLACES = 4;

  private final LinedSite site;
  private final FaultyLine toTsh = new FaultyLine();
  private final AtomicInteger ids = new AtomicInteger();

  ChainResetsIT(@TempDir Path folder) throws IOException {
    site = new LinedSite(folder);
  }

  /** The lines between a program and AWS. */
  enum Hop {
    PROGRAM_AND_TSH,
    TSH_AND_PROXY,
    PROXY_AND_AGENT,
    AGENT_AND_AWS
  }

  /** What a program sent, and what it saw: fewer answers than requests once it was cut off. */
  private record Exchange(String where, List<String> ids, List<Seen> seen) {}

  @BeforeAll
  void start() throws IOException {
    site.start();
    toTsh.leadTo(site.tunnel().port());
    awaitWorks();
  }

  @AfterAll
  void stop() {
    toTsh.close();
    site.close();
  }

  @ParameterizedTest
  @CsvSource({
    "PROGRAM_AND_TSH, THERE",
    "PROGRAM_AND_TSH, BACK",
    "TSH_AND_PROXY, THERE",
    "TSH_AND_PROXY, BACK",
    "PROXY_AND_AGENT, THERE",
    "PROXY_AND_AGENT, BACK",
    "AGENT_AND_AWS, THERE",
    "AGENT_AND_AWS, BACK",
  })
  void aResetAnywhereOnTheWayLeavesOneRequestAtMost(Hop hop, Way way) {
    resets(hop, way, length -> Math.max(1, (length - 1) / (PLACES - 1)));
  }

  @ParameterizedTest
  @Tag("long")
  @CsvSource({
    "PROGRAM_AND_TSH, THERE",
    "PROGRAM_AND_TSH, BACK",
    "TSH_AND_PROXY, THERE",
    "TSH_AND_PROXY, BACK",
    "PROXY_AND_AGENT, THERE",
    "PROXY_AND_AGENT, BACK",
    "AGENT_AND_AWS, THERE",
    "AGENT_AND_AWS, BACK",
  })
  void aResetAtEveryByteOnTheWayLeavesOneRequestAtMost(Hop hop, Way way) {
    resets(hop, way, length -> 1);
  }

  private void resets(Hop hop, Way way, LongUnaryOperator step) {
    long length = length(hop, way);
    List<Exchange> all = new ArrayList<>();
    int blown = 0;
    for (long at = 0; at < length; at += step.applyAsLong(length)) {
      Fuse fuse = fuse(hop, way, at);
      Exchange exchange = exchange(hop + " " + way + ", reset after " + at + " bytes");
      all.add(exchange);
      if (fuse.blown()) {
        blown++;
        if (hop == Hop.AGENT_AND_AWS) {
          assertThat(exchange.seen().stream().filter(Seen::fine).count())
              .as("%s: what was cut is not sent again", exchange.where())
              .isLessThan(2);
        }
      }
      awaitWorks();
    }
    // One that was not reached must not meet what is measured next.
    fuse(hop, way, Long.MAX_VALUE);
    all.forEach(this::judge);
    log.info("{} {}: {} bytes, {} resets of {}", hop, way, length, blown, all.size());
    // Now and then the connection is another one than was open before.
    assertThat(blown).as("resets of %d", all.size()).isGreaterThanOrEqualTo(all.size() / 2);
  }

  /**
   * How many bytes of two requests, or of their answers, one connection of the line carries. The
   * least of some, since a new connection's handshake may come in between.
   */
  private long length(Hop hop, Way way) {
    List<Long> lengths = new ArrayList<>();
    Awaitility.await("two requests on connections that are open")
        .atMost(PATIENCE)
        .until(() -> {
          awaitWorks();
          Fuse never = fuse(hop, way, Long.MAX_VALUE);
          assertThat(exchange("whole").seen()).hasSize(2).allMatch(Seen::fine);
          if (never.most() > 0) {
            lengths.add(never.most());
          }
          return lengths.size() == MEASURED;
        });
    return Collections.min(lengths);
  }

  private void judge(Exchange exchange) {
    for (int i = 0; i < exchange.ids().size(); i++) {
      String id = exchange.ids().get(i);
      String what = exchange.where() + ": request " + (i + 1);
      long arrived = site.arrived(id);
      assertThat(arrived).as(what).isLessThanOrEqualTo(1);
      if (i < exchange.seen().size()) {
        Seen seen = exchange.seen().get(i);
        if (seen.fine()) {
          assertThat(seen.text()).as(what).isEqualTo("{\"TableNames\":[\"" + id + "\"]}");
          assertThat(arrived).as(what).isEqualTo(1);
        } else {
          assertThat(seen).as(what).matches(Seen::outage);
          assertThat(arrived).as("%s, told as not sent", what).isZero();
        }
      }
    }
  }

  private Fuse fuse(Hop hop, Way way, long bytes) {
    return switch (hop) {
      case PROGRAM_AND_TSH -> toTsh.resetAfter(FaultyLine.ALL, way, bytes);
      case TSH_AND_PROXY -> site.front.resetOpenAfter(Between.TSH_AND_PROXY.word(), way, bytes);
      case PROXY_AND_AGENT -> site.front.resetOpenAfter(Between.AGENT_AND_PROXY.word(), way, bytes);
      case AGENT_AND_AWS -> site.toAws.resetAfter(FaultyLine.ALL, way, bytes);
    };
  }

  private Exchange exchange(String where) {
    List<String> sent = List.of(nextId(), nextId());
    List<Seen> seen = new ArrayList<>();
    try (RawClient client = new RawClient(toTsh.port(), PROGRAM_MILLIS)) {
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      sent.forEach(id -> both.writeBytes(LinedSite.request(id).bytes(site.tunnel().port())));
      client.send(both.toByteArray());
      while (seen.size() < sent.size()) {
        RawClient.Got got = client.read();
        seen.add(new Seen(got.status(), got.text()));
      }
    } catch (IOException cut) {
      // As was to be expected.
    }
    return new Exchange(where, sent, seen);
  }

  /** Until requests go well and nobody connects anew, so that the next one uses what is open. */
  private void awaitWorks() {
    AtomicInteger calm = new AtomicInteger();
    Awaitility.await("requests that go well")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK)
        .until(() -> {
          int before = site.front.taken();
          boolean well = site.ask(nextId(), PROGRAM_MILLIS).fine() && site.front.taken() == before;
          return (well ? calm.incrementAndGet() : calm.getAndSet(0)) == CALM;
        });
  }

  private String nextId() {
    return "reset-%06d".formatted(ids.incrementAndGet());
  }
}
