package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.dynamodb.DynamoDbError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LocalProxyTest {
  @Test
  void requestAndAnswerPassUnchangedWithHeadersOfTheHopLeftOut() throws IOException {
    try (var it = new ProxyUnderTest()) {
      it.upstream.script((request, out) -> {
        ScriptedUpstream.respond(
            out,
            "{\"a\":1}".getBytes(StandardCharsets.US_ASCII),
            "x-amz-crc32: 77\r\nKeep-Alive: timeout=5\r\nX-Hop: secret\r\nConnection: X-Hop\r\n");
        return true;
      });
      var answer =
          it.exchange(
              it.post(
                  "Connection: close, X-Mine\r\nX-Mine: 1\r\nTE: trailers\r\nX-Kept:  a b \r\n",
                  "{}"));
      assertThat(answer)
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("x-amzn-RequestId: R1\r\n", "x-amz-crc32: 77\r\n", "Connection: close\r\n")
          .doesNotContain("Keep-Alive", "X-Hop")
          .endsWith("\r\n\r\n{\"a\":1}");
      var request = it.upstream.received.getFirst();
      assertThat(request.head())
          .startsWith("POST / HTTP/1.1\r\n")
          .contains("X-Kept: a b\r\n", "X-Amz-Target: DynamoDB_20120810.ListTables\r\n")
          .doesNotContain("X-Mine", "close", "TE:");
      assertThat(request.body()).asString(StandardCharsets.US_ASCII).isEqualTo("{}");
    }
  }

  @Test
  void bodiesOfAllSizesPassSizedAndChunked() throws IOException {
    try (var it = new ProxyUnderTest()) {
      it.upstream.script((request, out) -> {
        out.write(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        var body = request.body();
        for (int at = 0; at < body.length; at += 50_000) {
          var piece = Arrays.copyOfRange(body, at, Math.min(body.length, at + 50_000));
          out.write(
              (Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
          out.write(piece);
          out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return true;
      });
      var random = new Random(3);
      for (var size : List.of(0, 2, 1000, 70_000, 16_000_000)) {
        var body = new byte[size];
        random.nextBytes(body);
        assertThat(sized(it, body)).as("sized %d", size).isEqualTo(body);
        assertThat(chunked(it, body)).as("chunked %d", size).isEqualTo(body);
      }
      it.upstream.received.forEach(request -> assertThat(request.header("host")).isNotEmpty());
    }
  }

  private static byte[] sized(ProxyUnderTest it, byte[] body) throws IOException {
    var request = new ByteArrayOutputStream();
    var head = "POST / HTTP/1.1\r\nHost: 127.0.0.1:" + it.port() + "\r\nContent-Length: ";
    request.writeBytes((head + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    return answerBody(it, request.toByteArray());
  }

  private static byte[] chunked(ProxyUnderTest it, byte[] body) throws IOException {
    var request = new ByteArrayOutputStream();
    var head = "POST / HTTP/1.1\r\nHost: [::1]:" + it.port() + "\r\nTransfer-Encoding: chunked";
    request.writeBytes((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    for (int at = 0; at < body.length; at += 8_191) {
      var size = Math.min(body.length - at, 8_191);
      request.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      request.write(body, at, size);
      request.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    request.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return answerBody(it, request.toByteArray());
  }

  /// Writes beside the reading, since both directions are larger than any buffer.
  private static byte[] answerBody(ProxyUnderTest it, byte[] request) throws IOException {
    try (var socket = it.connect();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.submit(() -> {
        socket.getOutputStream().write(request);
        return true;
      });
      return ScriptedUpstream.read(socket.getInputStream(), socket).body();
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    try (var it = new ProxyUnderTest()) {
      var all = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        all.append(it.post("{\"n\":%d}".formatted(i)));
      }
      var answers = it.exchange(all.toString());
      var at = 0;
      for (int i = 0; i < 200; i++) {
        at = answers.indexOf("{\"n\":%d}".formatted(i), at);
        assertThat(at).as("answer %d", i).isNotNegative();
      }
      assertThat(it.upstream.accepted.get()).isLessThan(5);
    }
  }

  @Test
  void halfCloseAfterMoreRequestsThanTheInboxHoldsStillGetsEveryAnswer() throws Exception {
    try (var it = new ProxyUnderTest()) {
      var all = new StringBuilder();
      for (int i = 0; i < 400; i++) {
        all.append(it.post("{\"n\":%d,\"filler\":\"%s\"}".formatted(i, "x".repeat(1000))));
      }
      var answers = it.exchange(all.toString());
      var at = 0;
      for (int i = 0; i < 400; i++) {
        at = answers.indexOf("{\"n\":%d,".formatted(i), at);
        assertThat(at).as("answer %d", i).isNotNegative();
      }
    }
  }

  @Test
  void aClientThatWaitsToBeAskedForTheBodyIsAsked() throws IOException {
    try (var it = new ProxyUnderTest();
        var socket = it.connect()) {
      ProxyUnderTest.send(
          socket,
          "POST / HTTP/1.1\r\nHost: localhost:%d\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
              .formatted(it.port()));
      var in = socket.getInputStream();
      assertThat(new String(in.readNBytes(25), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      ProxyUnderTest.send(socket, "{}");
      socket.shutdownOutput();
      assertThat(ProxyUnderTest.readAll(in)).startsWith("HTTP/1.1 200 OK").endsWith("{}");
      assertThat(it.upstream.received.getFirst().header("expect")).isEmpty();
    }
  }

  @Test
  void halfCloseAfterTheRequestStillGetsTheAnswer() throws Exception {
    try (var it = new ProxyUnderTest()) {
      var seen = new CountDownLatch(1);
      var go = new CountDownLatch(1);
      it.upstream.script((request, out) -> {
        seen.countDown();
        await().until(() -> go.getCount() == 0);
        return ScriptedUpstream.echo(request, out);
      });
      try (var socket = it.connect()) {
        ProxyUnderTest.send(socket, it.post("{\"late\":1}"));
        socket.shutdownOutput();
        seen.await();
        go.countDown();
        assertThat(ProxyUnderTest.readAll(socket.getInputStream())).endsWith("{\"late\":1}");
      }
    }
  }

  @Test
  void halfCloseInsideTheRequestEndsItBothWays() throws IOException {
    try (var it = new ProxyUnderTest();
        var socket = it.connect()) {
      ProxyUnderTest.send(
          socket,
          "POST / HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 9\r\n\r\nabc"
              .formatted(it.port()));
      socket.shutdownOutput();
      assertThat(ProxyUnderTest.readAll(socket.getInputStream()).replace("[reset]", "")).isEmpty();
      assertThat(it.upstream.received).isEmpty();
    }
  }

  @Test
  void manyClientsAtOnceShareThePool() throws Exception {
    try (var it = new ProxyUnderTest();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<Integer>>();
      for (int client = 0; client < 256; client++) {
        var id = client;
        results.add(threads.submit(() -> tenRequests(it, id)));
      }
      for (var result : results) {
        assertThat(result.get()).isEqualTo(10);
      }
      assertThat(it.upstream.accepted.get()).isLessThanOrEqualTo(64);
    }
  }

  private static int tenRequests(ProxyUnderTest it, int id) throws IOException {
    var right = 0;
    try (var socket = it.connect()) {
      for (int i = 0; i < 10; i++) {
        var body = "{\"client\":%d,\"n\":%d}".formatted(id, i);
        ProxyUnderTest.send(socket, it.post(body));
        var answer = ScriptedUpstream.read(socket.getInputStream(), socket);
        if (Arrays.equals(answer.body(), body.getBytes(StandardCharsets.US_ASCII))) {
          right++;
        }
      }
    }
    return right;
  }

  @Test
  void oneSpareConnectionIsWarmBeforeTheFirstClientAndIdleClientsHoldNone() throws IOException {
    try (var it = new ProxyUnderTest()) {
      await().until(() -> it.proxy.idleUpstreamConnections() == 1);
      var clients = new ArrayList<Socket>();
      for (int i = 0; i < 20; i++) {
        var socket = it.connect();
        clients.add(socket);
        ProxyUnderTest.send(socket, it.post("{}"));
        ScriptedUpstream.read(socket.getInputStream(), socket);
      }
      assertThat(it.upstream.accepted.get()).isLessThanOrEqualTo(3);
      for (var client : clients) {
        client.close();
      }
    }
  }

  @Test
  void idleUpstreamConnectionsEndBeforeTheAgentsLimitAndASpareStays() throws IOException {
    var standard = ProxyUnderTest.LIMITS;
    var limits =
        new LocalProxyLimits(
            10,
            10,
            8,
            1,
            10,
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            standard.silence(),
            standard.sendStall(),
            standard.restGivesWay());
    try (var it = new ProxyUnderTest(limits)) {
      await().until(() -> it.upstream.accepted.get() >= 2);
      await().until(() -> it.proxy.idleUpstreamConnections() == 1);
      assertThat(it.exchange(it.post("{}"))).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void renewalMovesNewRequestsToNewConnectionsAndLetsOldOnesFinish() throws Exception {
    try (var it = new ProxyUnderTest()) {
      await().until(() -> it.proxy.idleUpstreamConnections() == 1);
      var old = it.upstream.sockets.getFirst();
      var seen = new CountDownLatch(1);
      var go = new CountDownLatch(1);
      it.upstream.script((request, out) -> {
        if (request.socket().equals(old)) {
          seen.countDown();
          await().until(() -> go.getCount() == 0);
        }
        return ScriptedUpstream.echo(request, out);
      });
      try (var socket = it.connect()) {
        ProxyUnderTest.send(socket, it.post("{\"old\":1}"));
        seen.await();
        it.credential.set("second");
        it.proxy.renewed("second");
        assertThat(it.exchange(it.post("{\"new\":1}"))).endsWith("{\"new\":1}");
        go.countDown();
        assertThat(ScriptedUpstream.read(socket.getInputStream(), socket).body())
            .asString(StandardCharsets.US_ASCII)
            .isEqualTo("{\"old\":1}");
      }
      await().until(old::isClosed);
    }
  }

  @Test
  void whatWasRefusedIsAnsweredInTheFormOfDynamoDb() throws IOException {
    try (var it = new ProxyUnderTest()) {
      it.refusal.set(
          new DialOutcome.Rejected(
              DynamoDbError.expiredToken("your login ended, run: tsh login --proxy=\"x\""),
              DialOutcome.Pace.AT_ONCE));
      await().until(() -> it.dials.get() > 0);
      it.upstream.sockets.forEach(LocalProxyTest::closeQuietly);
      await().until(() -> it.proxy.idleUpstreamConnections() == 0);
      var answer = it.exchange(it.post("{}") + it.post("{}"));
      assertThat(answer)
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .contains(
              "x-amzn-RequestId: ", "x-amz-crc32: ", "Content-Type: application/x-amz-json-1.0")
          .contains(
              "{\"__type\":\"com.amazon.coral.service#ExpiredTokenException\",\"message\":\"your"
                  + " login ended, run: tsh login --proxy=\\\"x\\\"\"}");
      assertThat(answer.split("HTTP/1.1 400", -1)).hasSize(3);
      it.refusal.set(null);
      assertThat(it.exchange(it.post("{}"))).startsWith("HTTP/1.1 200");
    }
  }

  /// DAX speaks version 1.1 of the JSON protocol, and one connection may carry both.
  @Test
  void whatWasRefusedOfDaxIsAnsweredInItsVersionOfTheProtocol() throws IOException {
    try (var it = new ProxyUnderTest()) {
      var dynamoDb = it.post("Origin: https://elsewhere.example\r\n", "{}");
      var dax = dynamoDb.replace("DynamoDB_20120810.ListTables", "AmazonDAXV3.DescribeClusters");
      assertThat(it.exchange(dax))
          .startsWith("HTTP/1.1 403 ")
          .contains("Content-Type: application/x-amz-json-1.1\r\n", "AccessDeniedException");
      assertThat(it.exchange(it.post("{}") + dax))
          .contains("Content-Type: application/x-amz-json-1.1\r\n");
      assertThat(it.exchange(dynamoDb))
          .contains("Content-Type: application/x-amz-json-1.0\r\n", "AccessDeniedException");
      var newer = dax.replace("DescribeClusters", "InventedYesterday");
      assertThat(it.exchange(newer)).contains("Content-Type: application/x-amz-json-1.1\r\n");
      assertThat(it.exchange(dax.replace("AmazonDAXV3", "Unheard")))
          .contains("Content-Type: application/x-amz-json-1.0\r\n");
    }
  }

  @Test
  void anOutageIsToldAtOnceAndItsEndIsNoticedWithinTwoSeconds() throws IOException {
    try (var it = new ProxyUnderTest()) {
      await().until(() -> it.upstream.sockets.size() == 1);
      it.refusal.set(
          new DialOutcome.Rejected(
              DynamoDbError.unavailable("no agent serves it"), DialOutcome.Pace.BACK_OFF));
      it.upstream.sockets.forEach(LocalProxyTest::closeQuietly);
      await().until(() -> it.dials.get() > 3);
      assertThat(it.exchange(it.post("{}")))
          .startsWith("HTTP/1.1 503 ")
          .contains("no agent serves it");
      var triedBefore = it.dials.get();
      for (int i = 0; i < 3; i++) {
        it.exchange(it.post("{}"));
      }
      assertThat(it.dials.get() - triedBefore).isLessThanOrEqualTo(6);
      it.refusal.set(null);
      await()
          .atMost(Duration.ofSeconds(2))
          .until(() -> it.exchange(it.post("{}")).startsWith("HTTP/1.1 200"));
    }
  }

  @Test
  void anUnknownOutcomeCutsTheClientOffWithoutAStatus() throws IOException {
    try (var it = new ProxyUnderTest()) {
      it.upstream.script((request, out) -> false);
      assertThat(it.exchangeUntilClosed(it.post("{}")).replace("[reset]", "")).isEmpty();
      assertThat(it.upstream.received).hasSize(1);
    }
  }

  @Test
  void aConnectionWithBytesLeftIsNotUsedAgain() throws IOException {
    try (var it = new ProxyUnderTest()) {
      it.upstream.script((request, out) -> {
        ScriptedUpstream.respond(out, "{}HTTP/1.1 200 OK".getBytes(StandardCharsets.US_ASCII), "");
        return true;
      });
      var stray = new AtomicInteger();
      it.upstream.script((request, out) -> {
        out.write(
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray")
                .getBytes(StandardCharsets.US_ASCII));
        stray.incrementAndGet();
        return true;
      });
      for (int i = 0; i < 5; i++) {
        assertThat(it.exchange(it.post("{}"))).endsWith("\r\n\r\n{}");
      }
      assertThat(
              new HashSet<>(
                  it.upstream.received.stream().map(ScriptedUpstream.Received::socket).toList()))
          .hasSize(stray.get());
    }
  }

  @Test
  void anEarlyAnswerReachesAClientThatStillSends() throws IOException {
    try (var it = new ProxyUnderTest();
        var socket = it.connect()) {
      await().until(() -> it.proxy.idleUpstreamConnections() == 1);
      ProxyUnderTest.send(
          socket,
          "POST / HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 9000000\r\n\r\nabc"
              .formatted(it.port()));
      await().until(() -> it.upstream.heads.get() == 1);
      var early = it.upstream.sockets.getFirst();
      ScriptedUpstream.respond(
          early.getOutputStream(), "no".getBytes(StandardCharsets.US_ASCII), "");
      var answer = ProxyUnderTest.readAll(socket.getInputStream());
      assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("Connection: close").endsWith("no");
      await().until(early::isClosed);
    }
  }

  @Test
  void aTakenPortIsNamed() throws IOException {
    try (var it = new ProxyUnderTest()) {
      assertThatThrownBy(() ->
              LocalProxy.open(
                  new LocalProxy.Place(
                      it.runtime.loops().next(),
                      it.runtime.serverChannelType(),
                      it.proxy.address(),
                      Admission.standard()),
                  loop -> loop.newPromise(),
                  ProxyUnderTest.LIMITS,
                  new Random(1)))
          .isInstanceOf(IOException.class)
          .hasMessage("listen tcp 127.0.0.1:%d: bind: address already in use", it.port());
    }
  }

  @Test
  void aClientThatStallsInTheMiddleIsCutOff() throws IOException {
    var limits =
        new LocalProxyLimits(
            10,
            10,
            8,
            1,
            10,
            Duration.ofSeconds(5),
            Duration.ofSeconds(45),
            Duration.ofSeconds(2),
            Duration.ofMillis(300),
            Duration.ofMinutes(1));
    try (var it = new ProxyUnderTest(limits)) {
      assertThat(it.exchangeUntilClosed("POST / HTTP/1.1\r\nHost:").replace("[reset]", ""))
          .isEmpty();
      assertThat(
              it.exchangeUntilClosed(
                      "POST / HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 9\r\n\r\nabc"
                          .formatted(it.port()))
                  .replace("[reset]", ""))
          .isEmpty();
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
