package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.model.SystemRole;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.net.tunnel.OpenMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What must hold over each TLS library: who gets in, and that bytes pass as they are.
// Line ends are what many of these texts are about.
@SuppressWarnings("StringConcatToTextBlock")
abstract class PassageContract {
  private final Stage stage;

  PassageContract() throws Exception {
    stage = Stage.plain(provider());
  }

  abstract TlsProvider provider();

  @AfterEach
  void nothingIsHeldAtTheEnd() throws Exception {
    await().until(() -> stage.budget.held() == 0);
    stage.close();
  }

  @Test
  void aRequestReachesAwsSignedAndItsAnswerComesBackAsItWas() throws Exception {
    stage.aws.script = ScriptedUpstream.ok("{\"TableNames\":[]}");
    try (var client = stage.connect(stage.alice())) {
      client.send(
          "POST http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n"
              + "X-Amz-Target: DynamoDB_20120810.ListTables\r\n"
              + "Content-Type: application/x-amz-json-1.0\r\nAuthorization: AWS4 client's own\r\n"
              + "X-Amz-Date: 19990101T000000Z\r\nX-Amz-Security-Token: stolen\r\n"
              + "X_Forwarded_For: 1.2.3.4\r\nX-Forwarded-Host: evil\r\nCookie: c=1\r\n"
              + "Accept-Encoding: identity\r\nUser-Agent: sdk/1\r\namz-sdk-invocation-id: inv-1\r\n"
              + "Content-Length: 2\r\n\r\n{}");
      var answer = client.answer();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("{\"TableNames\":[]}");
      assertThat(answer.header("x-amzn-RequestId")).contains("REQ1");
      assertThat(answer.header("x-amz-crc32")).contains("7");
      assertThat(answer.header("X-Internal")).isEmpty();
    }

    var seen = stage.aws.seen.take();
    assertThat(seen.head()).startsWith("POST / HTTP/1.1\r\nHost: localhost:" + stage.aws.port());
    assertThat(seen.body()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
    assertThat(seen.header("Authorization"))
        .get()
        .asString()
        .contains("Credential=ASIATEST/20300101/us-east-1/dynamodb/aws4_request");
    assertThat(seen.header("X-Amz-Security-Token")).contains("token");
    assertThat(seen.header("User-Agent")).contains("sdk/1");
    assertThat(seen.header("Accept-Encoding")).contains("identity");
    assertThat(seen.header("amz-sdk-invocation-id")).contains("inv-1");
    assertThat(seen.head()).doesNotContain("evil", "stolen", "Cookie", "Forwarded", "1999");
  }

  /// An SDK that tries again says so, and AWS shall hear it.
  @Test
  void aTryOfTheSameInvocationArrivesAsAnother() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      for (int attempt = 1; attempt <= 2; attempt++) {
        client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n"
                + "Accept-Encoding: gzip\r\namz-sdk-invocation-id: inv-2\r\n"
                + "amz-sdk-request: attempt=%d; max=3\r\nContent-Length: 2\r\n\r\n{}"
                    .formatted(attempt));
        assertThat(client.answer().status()).isEqualTo(200);
        var seen = stage.aws.seen.take();
        assertThat(seen.header("Accept-Encoding")).contains("gzip");
        assertThat(seen.header("amz-sdk-invocation-id")).contains("inv-2");
        assertThat(seen.header("amz-sdk-request")).contains("attempt=" + attempt + "; max=3");
      }
    }
    assertThat(stage.aws.seen).isEmpty();
  }

  @Test
  void bodiesOfAllSizesAndFramingsArriveByteForByte() throws Exception {
    var random = new Random(9);
    try (var client = stage.connect(stage.alice())) {
      for (int size : List.of(0, 1, 100, 20_000, 200_000, 16 << 20)) {
        var text = "{\"TableName\":\"T\",\"x\":\"" + "a".repeat(size) + "\"}";
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: DynamoDB_20120810.PutItem\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < bytes.length; ) {
          int length = Math.min(bytes.length - at, 1 + random.nextInt(1 << 20));
          client.send(Integer.toHexString(length) + "\r\n");
          client.send(java.util.Arrays.copyOfRange(bytes, at, at + length));
          client.send("\r\n");
          at += length;
        }
        client.send("0\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(200);
        assertThat(stage.aws.seen.take().body()).isEqualTo(bytes);

        assertThat(client.call("PutItem", text).status()).isEqualTo(200);
        assertThat(stage.aws.seen.take().body()).isEqualTo(bytes);
      }
    }
    assertThat(stage.aws.connections()).as("one kept connection serves them all").isEqualTo(1);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    stage.aws.script =
        (seen, socket, out) ->
            ScriptedUpstream.ok(new String(seen.body(), StandardCharsets.UTF_8))
                .play(seen, socket, out);
    try (var client = stage.connect(stage.alice())) {
      var all = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        all.append(RawClient.request("GetItem", "{\"TableName\":\"t" + i + "\"}"));
      }
      client.send(all.toString());
      for (int i = 0; i < 50; i++) {
        assertThat(client.answer().text()).isEqualTo("{\"TableName\":\"t" + i + "\"}");
      }
    }
  }

  @Test
  void anAnswerThatBreaksOffBreaksOffForTheClientToo() throws Exception {
    stage.aws.script =
        (seen, socket, out) -> {
          ScriptedUpstream.bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart")
              .play(seen, socket, out);
          return false;
        };
    try (var client = stage.connect(stage.alice())) {
      client.send(RawClient.request("ListTables", "{}"));
      assertThat(client.answer().body()).asString(StandardCharsets.US_ASCII).isEqualTo("part");
      assertThat(client.isClosed()).isTrue();
    }
    stage.aws.script =
        (seen, socket, out) -> {
          ScriptedUpstream.bytes(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n")
              .play(seen, socket, out);
          return false;
        };
    try (var client = stage.connect(stage.alice())) {
      client.send(RawClient.request("ListTables", "{}"));
      assertThatThrownBy(client::answer).isInstanceOf(IOException.class);
    }
  }

  @Test
  void interimAnswersAreSkippedAndChunkedOnesArriveByteForByte() throws Exception {
    stage.aws.script =
        ScriptedUpstream.bytes(
            "HTTP/1.1 100 Continue\r\n\r\n"
                + "HTTP/1.1 200 OK\r\n"
                + "Content-Encoding: gzip\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "3\r\n"
                + "\u001f\u008b\u0000\r\n"
                + "2\r\n"
                + "zz\r\n"
                + "0\r\n\r\n");
    try (var client = stage.connect(stage.alice())) {
      for (int i = 0; i < 3; i++) {
        var answer = client.call("ListTables", "{}");
        assertThat(answer.header("Content-Encoding")).contains("gzip");
        assertThat(answer.body()).isEqualTo(new byte[] {0x1f, (byte) 0x8b, 0, 'z', 'z'});
      }
    }
  }

  @Test
  void aLargeAnswerToASlowClientDoesNotPileUp() throws Exception {
    int size = 48 << 20;
    var piece = new byte[64 << 10];
    var written = new AtomicLong();
    stage.aws.script =
        (seen, socket, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                  .formatted(size)
                  .getBytes(StandardCharsets.US_ASCII));
          for (int at = 0; at < size; at += piece.length) {
            out.write(piece);
            written.addAndGet(piece.length);
          }
          out.flush();
          return true;
        };
    try (var client = stage.connect(stage.alice())) {
      client.send(RawClient.request("Scan", "{\"TableName\":\"t\"}"));
      // Until every buffer on the way is full, and so the agent waits for its client.
      var before = new AtomicLong();
      await()
          .pollInterval(Duration.ofMillis(400))
          .until(() -> {
            long now = written.get();
            return before.getAndSet(now) == now && now > 0;
          });
      assertThat(written.get()).as("the rest waits at AWS").isLessThan(size);
      assertThat(client.answer().body()).hasSize(size);
    }
  }

  @Test
  void theRouteIsReadFromTheCertificateAndMustBeWhatTheProxyTold() throws Exception {
    var alice = stage.alice();
    var honest = stage.openOf(alice);
    assertShut(alice, new OpenMessage("", "other", honest.certificateFingerprint()));
    assertShut(alice, new OpenMessage("", Stage.DATABASE, "00".repeat(32)));
    var routeless = stage.user("alice", Optional.empty(), Duration.ofHours(1));
    assertShut(routeless, stage.openOf(routeless));
    var elsewhere = stage.user("alice", "unserved", Stage.ROLE, Duration.ofHours(1));
    assertShut(elsewhere, stage.openOf(elsewhere));
    assertThat(stage.sink.events).isEmpty();
  }

  @Test
  void onlyUsersGetIn() throws Exception {
    for (var role : List.of(SystemRole.PROXY, SystemRole.AUTH, SystemRole.DB)) {
      var host = stage.host(role, "host-2");
      assertShut(host, stage.openOf(host));
    }
    var expired = stage.user("alice", Stage.DATABASE, Stage.ROLE, Duration.ofMinutes(1));
    stage.now = stage.now.plus(Duration.ofMinutes(2));
    assertShut(expired, stage.openOf(expired));
  }

  @Test
  void aStoppingAgentFinishesTheAnswerUnderWayAndThenCloses() throws Exception {
    var go = new CountDownLatch(1);
    stage.aws.script =
        (seen, socket, out) -> {
          awaitQuietly(go);
          return ScriptedUpstream.ok("{}").play(seen, socket, out);
        };
    try (var busy = stage.connect(stage.alice());
        var idle = stage.connect(stage.alice())) {
      busy.send(RawClient.request("ListTables", "{}"));
      stage.aws.seen.take();
      stage.door.drain().get(5, TimeUnit.SECONDS);
      assertThat(idle.isClosed()).isTrue();
      go.countDown();
      var answer = busy.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Connection")).contains("close");
      assertThat(busy.isClosed()).isTrue();
    }
    assertThat(stage.door.awaitEmpty(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void closeAndHttp10AreHonoured() throws Exception {
    stage.aws.script =
        ScriptedUpstream.bytes(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
    try (var client = stage.connect(stage.alice())) {
      client.send(
          "POST / HTTP/1.0\r\n"
              + "X-Amz-Target: DynamoDB_20120810.ListTables\r\n"
              + "Content-Length: 2\r\n\r\n"
              + "{}");
      var answer = client.answer();
      assertThat(answer.header("Transfer-Encoding")).isEmpty();
      assertThat(answer.text()).isEqualTo("{}");
    }
    try (var client = stage.connect(stage.alice())) {
      client.send(
          "POST / HTTP/1.1\r\n"
              + "Host: a\r\n"
              + "Connection: close\r\n"
              + "X-Amz-Target: DynamoDB_20120810.ListTables\r\n"
              + "Content-Length: 2\r\n\r\n"
              + "{}");
      assertThat(client.answer().header("Connection")).contains("close");
      assertThat(client.isClosed()).isTrue();
    }
  }

  private void assertShut(dev.sallyport.pki.TlsIdentity identity, OpenMessage open) {
    assertThatThrownBy(
            () -> {
              try (var client = stage.connect(identity, Optional.of(open))) {
                client.call("ListTables", "{}");
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(stage.aws.seen).isEmpty();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
