package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.agent.aws.CredentialOutcome;
import dev.sallyport.agent.aws.CredentialOutcome.Ready;
import dev.sallyport.agent.aws.RoleSession;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.sigv4.SecretKeyBytes;
import dev.sallyport.sigv4.SigningCredentials;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// AWS refuses a signature, which proves that nothing was executed: the request is signed anew and
/// sent once more where that can help, and never a third time.
// Line ends are what these texts are about.
@SuppressWarnings("StringConcatToTextBlock")
class RefusedSignatureTest {
  private static final String BODY = "{\"TableName\":\"t\",\"Item\":{\"a\":{\"S\":\"b\"}}}";
  private static final String SKEW = "InvalidSignatureException";
  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /// Takes signatures of five minutes around its own time, as AWS does, and tells that time.
  private static ScriptedUpstream.Script clockOf(Stage stage, Duration ahead) {
    return (seen, socket, out) -> {
      var time = stage.now.plus(ahead);
      var signed = Instant.from(SIGNED.parse(seen.header("X-Amz-Date").orElseThrow()));
      boolean fits = Duration.between(time, signed).abs().compareTo(Duration.ofMinutes(5)) <= 0;
      return (fits ? answer(200, time, "{\"answer\":1}") : refusal(SKEW, time))
          .play(seen, socket, out);
    };
  }

  private static ScriptedUpstream.Script refusal(String code, Instant time) {
    return answer(400, time, "{\"__type\":\"com.amazon.coral.service#" + code + "\"}");
  }

  private static ScriptedUpstream.Script answer(int status, Instant time, String body) {
    return ScriptedUpstream.bytes(
        "HTTP/1.1 %d X\r\nDate: %s\r\nx-amzn-RequestId: R\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(
                status,
                DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC)),
                body.length(),
                body));
  }

  @ParameterizedTest
  @ValueSource(ints = {-30, 30})
  void aClockThatIsWrongIsCorrectedAndTheClientNoticesNothing(int minutes) throws Exception {
    try (var stage = Stage.verified();
        var client = stage.connect(stage.alice())) {
      stage.aws.script = clockOf(stage, Duration.ofMinutes(minutes));

      assertThat(client.call("PutItem", BODY).text()).isEqualTo("{\"answer\":1}");
      assertThat(stage.aws.seen).as("refused, then executed").hasSize(2);
      assertThat(stage.aws.seen)
          .allMatch(seen -> new String(seen.body(), StandardCharsets.US_ASCII).equals(BODY));
      assertThat(client.call("PutItem", BODY).status()).isEqualTo(200);
      assertThat(stage.aws.seen).as("the time is known by now").hasSize(3);

      var records = records(stage, 2);
      assertThat(records.getFirst().statusCode()).isEqualTo(200);
      assertThat(records.getFirst().outcome()).isEqualTo(Outcome.ANSWERED);
      assertThat(records.getFirst().call().firstRefusal()).contains(SKEW);
      assertThat(records.getFirst().call().errorCode()).isEmpty();
      assertThat(records.getLast().call().firstRefusal()).isEmpty();
    }
  }

  @Test
  void aClockThatIsSetRightWhileTheAgentRunsIsBelievedAgain() throws Exception {
    try (var stage = Stage.verified();
        var client = stage.connect(stage.alice())) {
      stage.aws.script = clockOf(stage, Duration.ofMinutes(30));
      assertThat(client.call("PutItem", BODY).status()).isEqualTo(200);
      stage.aws.script = clockOf(stage, Duration.ZERO);

      assertThat(client.call("PutItem", BODY).status()).isEqualTo(200);
      assertThat(client.call("PutItem", BODY).status()).isEqualTo(200);
      assertThat(stage.aws.seen).hasSize(5);
    }
  }

  @Test
  void aClockMoreThanADayOffIsNotFollowedAndTheRefusalPasses() throws Exception {
    try (var stage = Stage.verified();
        var client = stage.connect(stage.alice())) {
      stage.aws.script = clockOf(stage, Duration.ofHours(25));

      assertThat(client.call("PutItem", BODY).text()).contains(SKEW);
      assertThat(stage.aws.seen).hasSize(1);
      assertThat(records(stage, 1).getFirst().call().errorCode()).contains(SKEW);
    }
  }

  @Test
  void overAPlainConnectionNobodyIsBelievedAndTheRefusalPasses() throws Exception {
    try (var stage = Stage.plain(TlsProvider.best());
        var client = stage.connect(stage.alice())) {
      stage.aws.script = clockOf(stage, Duration.ofMinutes(30));

      assertThat(client.call("PutItem", BODY).text()).contains(SKEW);
      assertThat(stage.aws.seen).hasSize(1);
    }
  }

  @Test
  void aSignatureThatIsRefusedForAnotherReasonThanTheTimeIsNotSentAgain() throws Exception {
    try (var stage = Stage.verified();
        var client = stage.connect(stage.alice())) {
      stage.aws.script = refusal(SKEW, stage.now);

      assertThat(client.call("PutItem", BODY).text()).contains(SKEW);
      assertThat(stage.aws.seen).hasSize(1);
    }
  }

  @Test
  void anAwsThatRefusesWhateverTheTimeIsAskedTwiceAndNoMore() throws Exception {
    try (var stage = Stage.verified();
        var client = stage.connect(stage.alice())) {
      var times = new AtomicInteger();
      stage.aws.script =
          (seen, socket, out) ->
              refusal(SKEW, stage.now.plus(Duration.ofMinutes(30L * times.incrementAndGet())))
                  .play(seen, socket, out);

      assertThat(client.call("PutItem", BODY).text()).contains(SKEW);
      assertThat(stage.aws.seen).hasSize(2);
      assertThat(records(stage, 1).getFirst().call())
          .satisfies(call -> {
            assertThat(call.firstRefusal()).contains(SKEW);
            assertThat(call.errorCode()).contains(SKEW);
          });
    }
  }

  @Test
  void whoLostAccessMeanwhileIsNotSentAgain() throws Exception {
    try (var stage = Stage.verified();
        var client = stage.connect(stage.alice())) {
      var skewed = clockOf(stage, Duration.ofMinutes(30));
      stage.aws.script =
          (seen, socket, out) -> {
            stage.facts.roles.put("developer", Stage.role(List.of("Other")));
            stage.facts.version.incrementAndGet();
            return skewed.play(seen, socket, out);
          };

      assertThat(client.call("PutItem", BODY).text()).contains("access to db denied");
      assertThat(stage.aws.seen).hasSize(1);
      assertThat(records(stage, 1).getFirst().outcome()).isEqualTo(Outcome.REFUSED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ExpiredTokenException",
        "ExpiredToken",
        "UnrecognizedClientException",
        "InvalidClientTokenId"
      })
  void credentialsThatAwsDoesNotTakeAreReplacedOnceAndTheClientNoticesNothing(String code)
      throws Exception {
    try (var stage = Stage.plain(TlsProvider.best());
        var client = stage.connect(stage.alice())) {
      var assumed = assumingAnew(stage);
      assertThat(client.call("PutItem", BODY).status()).isEqualTo(200);
      stage.aws.script = onlyKey("ASIA2", code, stage);
      stage.now = stage.now.plusSeconds(60);

      assertThat(client.call("PutItem", BODY).text()).isEqualTo("{\"answer\":1}");
      assertThat(client.call("PutItem", BODY).status()).isEqualTo(200);
      assertThat(assumed).hasValue(2);
      assertThat(stage.aws.seen).hasSize(4);

      var second = records(stage, 3).get(1);
      assertThat(second.call().firstRefusal()).contains(code);
      assertThat(second.call().accessKeyId()).contains("ASIA2");
      assertThat(second.statusCode()).isEqualTo(200);
    }
  }

  /// As when a machine sleeps in between: the time of the signature is refused first, and the
  /// credentials would be next.
  @Test
  void whereTheClockLeptBeyondTheEndOfTheCredentialsOthersSignTheSecondTime() throws Exception {
    try (var stage = Stage.verified();
        var client = stage.connect(stage.alice())) {
      var assumed = assumingAnew(stage, Duration.ofMinutes(15));
      var skewed = clockOf(stage, Duration.ZERO);
      var inTime = onlyKey("ASIA2", "ExpiredTokenException", stage);
      stage.aws.script =
          (seen, socket, out) -> {
            if (stage.aws.seen.size() > 1) {
              return inTime.play(seen, socket, out);
            }
            stage.now = stage.now.plus(Duration.ofMinutes(20));
            return skewed.play(seen, socket, out);
          };

      assertThat(client.call("PutItem", BODY).text()).isEqualTo("{\"answer\":1}");
      assertThat(assumed).hasValue(2);
      assertThat(stage.aws.seen).hasSize(2);
      assertThat(records(stage, 1).getFirst().call())
          .satisfies(call -> {
            assertThat(call.firstRefusal()).contains(SKEW);
            assertThat(call.accessKeyId()).contains("ASIA2");
          });
    }
  }

  @Test
  void aRoleWhoseFreshCredentialsAreRefusedCostsOneQuestionToStsAMinute() throws Exception {
    try (var stage = Stage.plain(TlsProvider.best());
        var client = stage.connect(stage.alice())) {
      var assumed = assumingAnew(stage);
      stage.aws.script = refusal("UnrecognizedClientException", stage.now);
      for (int i = 0; i < 20; i++) {
        assertThat(client.call("PutItem", BODY).text()).contains("UnrecognizedClientException");
      }
      assertThat(assumed).as("fresh ones are not replaced").hasValue(1);
      stage.now = stage.now.plusSeconds(60);
      for (int i = 0; i < 20; i++) {
        assertThat(client.call("PutItem", BODY).text()).contains("UnrecognizedClientException");
      }
      assertThat(assumed).hasValue(2);
      assertThat(stage.aws.seen).as("one of them twice").hasSize(41);
    }
  }

  @Test
  void whatStsSaysOfTheSecondCredentialsIsTold() throws Exception {
    try (var stage = Stage.plain(TlsProvider.best());
        var client = stage.connect(stage.alice())) {
      assertThat(client.call("PutItem", BODY).status()).isEqualTo(200);
      stage.aws.script = refusal("ExpiredTokenException", stage.now);
      stage.assumer = session -> new CredentialOutcome.Refused("the role is gone");
      stage.now = stage.now.plusSeconds(60);

      assertThat(client.call("PutItem", BODY).text())
          .contains("AccessDeniedException")
          .contains("the role is gone");
      assertThat(stage.aws.seen).hasSize(2);
    }
  }

  @Test
  void otherErrorsPassWhateverTheirLengthAndFraming() throws Exception {
    try (var stage = Stage.verified();
        var client = stage.connect(stage.alice())) {
      for (int length : new int[] {0, 1, FirstAnswer.HELD_MAX, FirstAnswer.HELD_MAX + 1, 400_000}) {
        var body =
            "{\"__type\":\"ConditionalCheckFailedException\",\"Item\":\"%s\"}"
                .formatted("x".repeat(length));
        stage.aws.script = answer(400, stage.now, body);
        assertThat(client.call("PutItem", BODY).text()).isEqualTo(body);
        stage.aws.script =
            ScriptedUpstream.bytes(
                "HTTP/1.1 403 X\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                    .formatted(body.length(), body));
        assertThat(client.call("PutItem", BODY).text()).isEqualTo(body);
      }
      assertThat(stage.aws.seen).hasSize(10);
    }
  }

  @Test
  void aRefusalThatBreaksOffIsNotSentAgain() throws Exception {
    try (var stage = Stage.verified()) {
      stage.aws.script =
          (seen, socket, out) -> {
            ScriptedUpstream.bytes(
                    "HTTP/1.1 400 X\r\nContent-Length: 90\r\n\r\n{\"__type\":\"ExpiredToken\"")
                .play(seen, socket, out);
            return false;
          };
      try (var client = stage.connect(stage.alice())) {
        client.send(RawClient.request("PutItem", BODY));
        assertThat(client.answer().status()).isEqualTo(400);
      }
      assertThat(records(stage, 1).getFirst().outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(stage.aws.seen).hasSize(1);
    }
  }

  private static AtomicInteger assumingAnew(Stage stage) {
    return assumingAnew(stage, Duration.ofHours(1));
  }

  /// From now on each session has a key of its own: `ASIA1`, `ASIA2`, …
  private static AtomicInteger assumingAnew(Stage stage, Duration life) {
    var count = new AtomicInteger();
    stage.assumer = session -> ready(stage, session, "ASIA" + count.incrementAndGet(), life);
    return count;
  }

  private static Ready ready(Stage stage, RoleSession session, String keyId, Duration life) {
    return new Ready(
        session,
        new SigningCredentials(
            keyId,
            SecretKeyBytes.of("secret"),
            Optional.of("token"),
            Optional.of(stage.now.plus(life))));
  }

  private static ScriptedUpstream.Script onlyKey(String keyId, String code, Stage stage) {
    return (seen, socket, out) -> {
      boolean known = seen.header("Authorization").orElseThrow().contains("Credential=" + keyId);
      return (known ? answer(200, stage.now, "{\"answer\":1}") : refusal(code, stage.now))
          .play(seen, socket, out);
    };
  }

  private static List<DynamoDbRequest> records(Stage stage, int count) {
    await().until(() -> stage.sink.of(DynamoDbRequest.class).size() == count);
    return stage.sink.of(DynamoDbRequest.class);
  }
}
