package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.net.TlsProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What breaks between the agent and AWS.
@SuppressWarnings("StringConcatToTextBlock")
class UpstreamFaultsTest {
  private static final String BODY = "{\"TableName\":\"t\",\"Item\":{\"a\":{\"S\":\"b\"}}}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nx-amzn-RequestId: R\r\nContent-Length: 12\r\n\r\n{\"answer\":1}";

  @Test
  void aResetAnywhereInRequestOrAnswerLeavesOneRequestAtMost() throws Exception {
    resetAtEach(Stage.plain(TlsProvider.best()), 41);
  }

  @Test
  @Tag("long")
  void aResetAtEveryByteOfRequestAndAnswerLeavesOneRequestAtMost() throws Exception {
    resetAtEach(Stage.plain(TlsProvider.best()), 1);
  }

  @Test
  void aResetAnywhereOverTlsLeavesOneRequestAtMost() throws Exception {
    resetAtEach(Stage.verified(), 97);
  }

  private static void resetAtEach(Stage on, int step) throws Exception {
    try (var stage = on) {
      int length = wholeRequest(stage);
      for (int at = 1; at < length + ANSWER.length(); at += step) {
        int records = stage.sink.of(DynamoDbRequest.class).size();
        stage.aws.begun.set(0);
        stage.aws.requestBytes = at <= length ? at : Integer.MAX_VALUE;
        stage.aws.script = breaking(at - length);
        var got = got(stage);
        assertThat(stage.aws.begun.get()).as("requests that began, broken at %d", at).isOne();
        assertThat(ANSWER.substring(ANSWER.indexOf('{'))).as("broken at %d", at).startsWith(got);
        await().until(() -> stage.sink.of(DynamoDbRequest.class).size() > records);
        assertThat(stage.sink.of(DynamoDbRequest.class).get(records).outcome())
            .as("broken at %d", at)
            .isEqualTo(Outcome.UNKNOWN);
      }
      stage.aws.requestBytes = Integer.MAX_VALUE;
      stage.aws.script = ScriptedUpstream.bytes(ANSWER);
      assertThat(got(stage)).isEqualTo("{\"answer\":1}");
    }
  }

  private static int wholeRequest(Stage stage) throws Exception {
    stage.aws.script = ScriptedUpstream.bytes(ANSWER);
    assertThat(got(stage)).isEqualTo("{\"answer\":1}");
    var whole = stage.aws.seen.take();
    stage.aws.dropConnections();
    return whole.head().length() + whole.body().length;
  }

  /// What came of an answer's body before the connection ended.
  private static String got(Stage stage) throws Exception {
    try (var client = stage.connect(stage.alice())) {
      client.send(RawClient.request("PutItem", BODY));
      return new String(client.answer().body(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }

  private static ScriptedUpstream.Script breaking(int answerBytes) {
    return (seen, socket, out) -> {
      out.write(ANSWER.getBytes(StandardCharsets.US_ASCII), 0, Math.max(0, answerBytes));
      out.flush();
      ScriptedUpstream.reset(socket);
      return false;
    };
  }

  @Test
  void anAnswerThatDripsArrivesWhole() throws Exception {
    try (var stage = Stage.impatient(Duration.ofSeconds(2));
        var client = stage.connect(stage.alice())) {
      var never = new CountDownLatch(1);
      stage.aws.script =
          (seen, socket, out) -> {
            int bodyAt = ANSWER.indexOf('{');
            out.write(ANSWER.substring(0, bodyAt).getBytes(StandardCharsets.US_ASCII));
            for (byte each : ANSWER.substring(bodyAt).getBytes(StandardCharsets.US_ASCII)) {
              out.write(each);
              out.flush();
              var _ = awaitQuietly(never, Duration.ofMillis(250));
            }
            return true;
          };
      assertThat(client.call("PutItem", BODY).text()).isEqualTo("{\"answer\":1}");
    }
  }

  /// A byte now and then keeps a body going, and no head: nobody may hold a request by it for ever.
  @Test
  void anAnswerWhoseHeadDripsIsCutOffWithoutAStatusAndSentOnce() throws Exception {
    try (var stage = Stage.impatient(Duration.ofMillis(400));
        var client = stage.connect(stage.alice())) {
      var cut = new CountDownLatch(1);
      stage.aws.script =
          (seen, socket, out) -> {
            out.write("HTTP/1.1 200 OK\r\nX-Drip: ".getBytes(StandardCharsets.US_ASCII));
            while (!awaitQuietly(cut, Duration.ofMillis(20))) {
              out.write('x');
              out.flush();
            }
            return false;
          };
      client.send(RawClient.request("PutItem", BODY));
      assertThat(client.isClosed()).isTrue();
      cut.countDown();
      assertThat(stage.aws.seen).hasSize(1);
      await().until(() -> !stage.sink.of(DynamoDbRequest.class).isEmpty());
      assertThat(stage.sink.of(DynamoDbRequest.class))
          .singleElement()
          .satisfies(request -> assertThat(request.outcome()).isEqualTo(Outcome.UNKNOWN));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, 'Wrong checksum', 'x-amz-crc32: 1'",
    "400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException', 'x-amz-crc32:"
        + " 2'",
    "400, 'com.amazon.coral.availability#ThrottlingException', 'x-amz-crc32: 3'",
    "500, 'com.amazonaws.dynamodb.v20120810#InternalServerError', 'x-amz-crc32: 4'",
    "503, 'com.amazon.coral.service#ServiceUnavailableException', 'x-amz-crc32: 5'",
  })
  void whatAwsSaysPassesUnchanged(int status, String type, String header) throws Exception {
    try (var stage = Stage.plain(TlsProvider.best());
        var client = stage.connect(stage.alice())) {
      var body = "{\"__type\":\"" + type + "\"}";
      stage.aws.script =
          ScriptedUpstream.bytes(
              "HTTP/1.1 %d X\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(status, header, body.length(), body));
      var answer = client.call("PutItem", BODY);
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.text()).isEqualTo(body);
      assertThat(answer.header("x-amz-crc32")).contains(header.substring(header.length() - 1));
      assertThat(stage.aws.seen).as("not tried again by us").hasSize(1);
      assertThat(client.call("PutItem", BODY).status()).as("goes on").isEqualTo(status);
    }
  }

  /// @return whether the latch opened in this time
  private static boolean awaitQuietly(CountDownLatch latch, Duration time) {
    try {
      return latch.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
