package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The bounds of a local proxy: each is held, and the page about tsh tells its number.
final class LocalLimitsTest {
  private static final Path PAGE = Path.of("../../docs/tsh.md");
  private static final Duration LONG = Duration.ofSeconds(30);

  private static LocalProxyLimits limits(
      int clients, int upstream, int waiting, Duration patience, Duration silence) {
    return new LocalProxyLimits(
        clients, upstream, 8, 1, waiting, patience, Duration.ofSeconds(45), silence, LONG, LONG);
  }

  @Test
  void aClientTooManyIsClosedAtOnceAndTheOthersGoOn() throws IOException {
    try (var it = new ProxyUnderTest(limits(2, 10, 10, LONG, LONG));
        var first = it.connect()) {
      var second = it.connect();
      works(it, first);
      works(it, second);
      try (var third = it.connect()) {
        assertThat(ProxyUnderTest.readAll(third.getInputStream()).replace("[reset]", "")).isEmpty();
      }
      works(it, first);
      second.close();
      await()
          .ignoreException(SocketException.class)
          .until(() -> it.exchange(it.post("{}")).startsWith("HTTP/1.1 200"));
    }
  }

  /// Nobody locks others out by connections on which nothing comes.
  @Test
  void aClientThatHasRestedLongestGivesWayToANewOne() throws IOException {
    var limits = LocalProxyLimits.standard();
    try (var it =
            new ProxyUnderTest(
                new LocalProxyLimits(
                    2,
                    limits.upstreamConnections(),
                    limits.parallelDials(),
                    limits.spareConnections(),
                    limits.waitingRequests(),
                    limits.waitForConnection(),
                    limits.idleUpstream(),
                    limits.silence(),
                    limits.sendStall(),
                    Duration.ZERO));
        var first = it.connect();
        var second = it.connect()) {
      works(it, second);
      works(it, first);
      works(it, second);
      try (var third = it.connect()) {
        works(it, third);
        assertThat(first.getInputStream().read()).isEqualTo(-1);
        works(it, second);
      }
    }
  }

  private static void works(ProxyUnderTest it, Socket client) throws IOException {
    ProxyUnderTest.send(client, it.post("{}"));
    assertThat(ScriptedUpstream.read(client.getInputStream(), client).head())
        .startsWith("HTTP/1.1 200");
  }

  /// One connection to the agent, in use; one request may wait for it.
  @Test
  void aRequestTooManyThatWaitsIsToldToSlowDownAndTheOneThatWaitsGetsItsTurn() throws Exception {
    var go = new CountDownLatch(1);
    try (var it = new ProxyUnderTest(limits(10, 1, 1, LONG, LONG));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      it.upstream.script((request, out) -> {
        awaitQuietly(go);
        return ScriptedUpstream.echo(request, out);
      });
      var answers = new ArrayList<Future<String>>();
      answers.add(threads.submit(() -> it.exchange(it.post("{\"n\":1}"))));
      await().until(() -> it.upstream.received.size() == 1);
      answers.add(threads.submit(() -> it.exchange(it.post("{\"n\":2}"))));
      // Whichever of the two comes second finds no room.
      answers.add(threads.submit(() -> it.exchange(it.post("{\"n\":3}"))));
      await().until(() -> answers.stream().anyMatch(Future::isDone));
      go.countDown();
      var texts = new ArrayList<String>();
      for (var answer : answers) {
        texts.add(answer.get());
      }
      assertThat(texts)
          .filteredOn(text -> text.contains("ThrottlingException"))
          .singleElement()
          .asString()
          .startsWith("HTTP/1.1 400 ")
          .contains("too many requests wait for this tunnel");
      assertThat(texts).filteredOn(text -> text.startsWith("HTTP/1.1 200 ")).hasSize(2);
      assertThat(it.upstream.accepted.get()).isEqualTo(1);
    }
  }

  @Test
  void aRequestThatWaitsTooLongForAConnectionIsToldToSlowDown() throws Exception {
    var go = new CountDownLatch(1);
    try (var it = new ProxyUnderTest(limits(10, 1, 10, Duration.ofMillis(200), LONG));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      it.upstream.script((request, out) -> {
        awaitQuietly(go);
        return ScriptedUpstream.echo(request, out);
      });
      var first = threads.submit(() -> it.exchange(it.post("{\"n\":1}")));
      await().until(() -> it.upstream.received.size() == 1);
      assertThat(it.exchange(it.post("{\"n\":2}")))
          .startsWith("HTTP/1.1 400 ")
          .contains("ThrottlingException", "no connection to the database became free");
      go.countDown();
      assertThat(first.get()).startsWith("HTTP/1.1 200 ");
    }
  }

  /// As when what is sent gets lost on a connection that stays open.
  @Test
  void anExchangeThatMakesNoProgressIsCutOffWithoutAStatusAndTheNextRequestGoesAnotherWay()
      throws Exception {
    var go = new CountDownLatch(1);
    try (var it = new ProxyUnderTest(limits(10, 10, 10, LONG, Duration.ofSeconds(1)))) {
      it.upstream.script((request, out) -> {
        if (new String(request.body(), StandardCharsets.US_ASCII).contains("lost")) {
          awaitQuietly(go);
        }
        return ScriptedUpstream.echo(request, out);
      });
      var cut = it.exchangeUntilClosed(it.post("{\"lost\":1}"));
      assertThat(cut.replace("[reset]", "")).isEmpty();
      assertThat(it.upstream.received).hasSize(1);
      assertThat(it.exchange(it.post("{}"))).startsWith("HTTP/1.1 200 ");
      go.countDown();
    }
  }

  /// Bytes wait in the sockets' own buffers, and then at the agent.
  @Test
  void aClientThatDoesNotReadItsAnswerIsCutOffAndNothingPilesUp() throws Exception {
    var block = new byte[64 << 10];
    int blocks = 2048;
    var taken = new AtomicInteger();
    try (var it = new ProxyUnderTest(limits(10, 10, 10, LONG, Duration.ofSeconds(1)))) {
      it.upstream.script((request, out) -> {
        if (!new String(request.body(), StandardCharsets.US_ASCII).contains("large")) {
          return ScriptedUpstream.echo(request, out);
        }
        out.write(
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                .formatted((long) blocks * block.length)
                .getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < blocks; i++) {
          out.write(block);
          taken.incrementAndGet();
        }
        return true;
      });
      try (var client = it.connect()) {
        ProxyUnderTest.send(client, it.post("{\"large\":1}"));
        await().until(() -> it.upstream.received.size() == 1);
        var carrier = it.upstream.received.getFirst().socket();
        await().until(carrier::isClosed);
        assertThat(taken.get()).isLessThan(blocks / 2);
      }
      assertThat(it.exchange(it.post("{}"))).startsWith("HTTP/1.1 200 ");
    }
  }

  /// Else each idle connection would cost a request its answer, when the network is gone.
  @Test
  void aRequestThatWasGivenUpWithoutAWordCastsDoubtOnIdleConnections() throws Exception {
    var go = new CountDownLatch(1);
    try (var it = new ProxyUnderTest(limits(10, 10, 10, LONG, Duration.ofSeconds(2)));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var together = new CyclicBarrier(3);
      it.upstream.script((request, out) -> {
        if (new String(request.body(), StandardCharsets.US_ASCII).contains("lost")) {
          awaitQuietly(go);
          return false;
        }
        together(together);
        return ScriptedUpstream.echo(request, out);
      });
      var answers = new ArrayList<Future<String>>();
      for (int i = 0; i < 3; i++) {
        answers.add(threads.submit(() -> it.exchange(it.post("{}"))));
      }
      for (var answer : answers) {
        assertThat(answer.get()).startsWith("HTTP/1.1 200 ");
      }
      await().until(() -> it.proxy.idleUpstreamConnections() >= 3);
      var before = List.copyOf(it.upstream.sockets);
      assertThat(it.exchangeUntilClosed(it.post("{\"lost\":1}")).replace("[reset]", "")).isEmpty();
      go.countDown();
      await().until(() -> before.stream().allMatch(Socket::isClosed));
    }
  }

  private static void together(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Tunnels that lost the same Proxy in the same instant come back spread, and none storms.
  @Test
  void tunnelsThatComeBackAtOnceAreSpread() {
    int tunnels = 1000;
    int[] tenths = new int[10];
    for (int seed = 0; seed < tunnels; seed++) {
      var backoff = UpstreamPool.backoff(new Random(seed));
      long sum = 0;
      for (int i = 0; i < 5; i++) {
        long step =
            Math.min(UpstreamPool.RETRY_FIRST.toNanos() << i, UpstreamPool.RETRY_LONGEST.toNanos());
        long pause = backoff.pause().toNanos();
        assertThat(pause).isBetween(step / 2, step);
        sum += pause;
      }
      long longest = UpstreamPool.RETRY_FIRST.toNanos() * 31;
      tenths[(int) Math.min(9, (sum - longest / 2) * 10 / (longest / 2))]++;
    }
    // The sums of five pauses crowd in the middle; no tenth of their time has more than a third.
    assertThat(Arrays.stream(tenths).max().orElseThrow()).isLessThan(tunnels / 3);
    var first = new ArrayList<Long>();
    for (int seed = 0; seed < tunnels; seed++) {
      first.add(UpstreamPool.backoff(new Random(seed)).pause().toMillis());
    }
    assertThat(first.stream().distinct())
        .as("milliseconds of the first tries")
        .hasSizeGreaterThan(20);
  }

  @Test
  void thePageTellsTheNumbers() throws IOException {
    var limits = LocalProxyLimits.standard();
    assertThat(row("connections of programs"))
        .contains(number(limits.clientConnections()), limits.restGivesWay().toMinutes() + " min");
    assertThat(row("connections to agents"))
        .contains(number(limits.upstreamConnections()), number(limits.parallelDials()));
    assertThat(row("connections kept ready"))
        .contains(number(limits.spareConnections()), seconds(limits.idleUpstream()));
    assertThat(row("requests that wait"))
        .contains(number(limits.waitingRequests()), seconds(limits.waitForConnection()));
    assertThat(row("no progress")).contains(limits.silence().toMinutes() + " min");
    assertThat(row("pause of a program")).contains(seconds(limits.sendStall()));
    assertThat(row("whole head"))
        .contains(seconds(limits.sendStall()), LocalProxyLimits.PACE_BYTES / 1024 + " KiB");
    assertThat(row("request line and headers"))
        .contains(LocalProxyLimits.HEAD_BYTES_MAX / 1024 + " KiB");
    assertThat(row("| a body")).contains(LocalProxyLimits.BODY_BYTES_MAX / (1 << 20) + " MiB");
    assertThat(row("not verified yet"))
        .contains(LocalProxyLimits.HELD_BYTES_MAX / (1 << 20) + " MiB");
    assertThat(row("until the next try"))
        .contains(UpstreamPool.RETRY_FIRST.toMillis() + " ms", seconds(UpstreamPool.RETRY_LONGEST));
  }

  private static String row(String words) throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| ") && line.contains(words))
            .toList();
    assertThat(rows).as(words).hasSize(1);
    return rows.getFirst();
  }

  private static String number(int value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String seconds(Duration value) {
    return value.toSeconds() + " s";
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
