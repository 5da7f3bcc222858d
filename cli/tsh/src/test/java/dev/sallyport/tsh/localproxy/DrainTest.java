package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// A tunnel that is told to end: what is under way is answered.
final class DrainTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void whatIsUnderWayIsAnsweredAndNothingNewIsTaken() throws Exception {
    var answer = new CountDownLatch(1);
    try (var it = new ProxyUnderTest()) {
      it.upstream.script((request, out) -> {
        awaitQuietly(answer);
        ScriptedUpstream.respond(out, request.body(), "");
        return true;
      });
      try (var idle = it.connect();
          var waiting = it.connect();
          var uploading = it.connect()) {
        var upload = it.post("{\"upload\":1}");
        ProxyUnderTest.send(waiting, it.post("{\"waiting\":1}") + it.post("{\"pipelined\":1}"));
        ProxyUnderTest.send(uploading, upload.substring(0, upload.length() - 4));
        await().until(() -> it.upstream.heads.get() == 2);

        var drained = CompletableFuture.supplyAsync(() -> it.proxy.drain(LIMIT));

        assertThat(idle.getInputStream().read()).as("closed at once").isEqualTo(-1);
        await()
            .untilAsserted(() -> assertThatThrownBy(it::connect).isInstanceOf(IOException.class));
        assertThat(drained).isNotDone();
        answer.countDown();
        ProxyUnderTest.send(uploading, upload.substring(upload.length() - 4));
        assertThat(ProxyUnderTest.readAll(waiting.getInputStream()))
            .startsWith("HTTP/1.1 200")
            .contains("Connection: close\r\n")
            .endsWith("{\"waiting\":1}");
        assertThat(ProxyUnderTest.readAll(uploading.getInputStream()))
            .startsWith("HTTP/1.1 200")
            .endsWith("{\"upload\":1}");
        assertThat(drained.get()).as("nothing is left").isTrue();
      }
    }
  }

  @Test
  void whatTakesTooLongIsCutOffWithoutAStatus() throws Exception {
    var never = new CountDownLatch(1);
    try (var it = new ProxyUnderTest();
        var waiting = it.connect()) {
      it.upstream.script((request, out) -> {
        awaitQuietly(never);
        return false;
      });
      ProxyUnderTest.send(waiting, it.post("{}"));
      await().until(() -> it.upstream.heads.get() == 1);
      assertThat(it.proxy.drain(Duration.ofMillis(200))).isFalse();
      it.proxy.close();
      assertThat(ProxyUnderTest.readAll(waiting.getInputStream()).replace("[reset]", "")).isEmpty();
      never.countDown();
    }
  }

  /// What a connection's sockets can't hold yet must not be lost with its end.
  @Test
  void aLargeAnswerArrivesWholeAtAClientThatIsSlowAndCloses() throws Exception {
    var large = new byte[16 << 20];
    try (var it = new ProxyUnderTest()) {
      it.upstream.script((request, out) -> {
        ScriptedUpstream.respond(out, large, "");
        return true;
      });
      try (var slow = it.connect()) {
        ProxyUnderTest.send(slow, it.post("Connection: close\r\n", "{}"));
        var in = slow.getInputStream();
        long read = 0;
        // Small pieces: slower than the tunnel, so that what it sends must wait.
        var piece = new byte[16];
        for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
          read += got;
        }
        assertThat(read).isGreaterThan(large.length);
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
