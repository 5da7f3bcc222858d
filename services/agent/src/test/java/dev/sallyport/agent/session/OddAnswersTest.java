package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.net.TlsProvider;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers of AWS that are not what HTTP/1.1 says: whoever asked is told no more than is sure, and
/// nobody else gets a byte of it.
class OddAnswersTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String STOLEN = OK + "Content-Length: 8\r\n\r\n{\"no\":1}";

  private static final String CHUNKS = "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";

  /// The other clients: of each of the stage's two event loops, which have connections of their
  /// own.
  private static final List<String> OTHERS = List.of("bob", "carol");

  @Test
  void afterAnOrdinaryAnswerTheConnectionServesAnother() throws Exception {
    try (var stage = Stage.plain(TlsProvider.best())) {
      assertThat(firstGets(stage, ordinary("{}"))).isEqualTo("{}");
      othersGetTheirOwn(stage);
      assertThat(stage.aws.connections()).as("one for each event loop").isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {STOLEN, "x", "\r\n", "0\r\n\r\n"})
  void bytesBehindAnAnswerAreNobodys(String behind) throws Exception {
    try (var stage = Stage.plain(TlsProvider.best())) {
      assertThat(firstGets(stage, ordinary("{}") + behind)).isEqualTo("{}");
      othersGetTheirOwnElsewhere(stage);
      assertOutcome(stage, Outcome.ANSWERED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "Content-Length: 2\r\nContent-Length: 8\r\n\r\n{\"no\":1}",
        OK + "Content-Length: 2, 8\r\n\r\n{\"no\":1}",
        OK + "Content-Length: 7\r\n" + CHUNKS,
        OK + "Content-Length: 99\r\n" + CHUNKS,
        OK + "Content-Length: -2\r\n\r\n{}",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + STOLEN,
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
        "\0\0\0\0\0\0\0\0\r\n\r\n",
      })
  void anAnswerThatCanBeReadInNoOrTwoWaysIsNone(String odd) throws Exception {
    assertNoAnswer(odd);
  }

  @Test
  void interimAnswersWithoutEndAreNoAnswer() throws Exception {
    assertNoAnswer("HTTP/1.1 100 Continue\r\n\r\n".repeat(9) + STOLEN);
  }

  @Test
  void aFewInterimAnswersAreLeftOut() throws Exception {
    try (var stage = Stage.plain(TlsProvider.best())) {
      var odd = "HTTP/1.1 100 Continue\r\n\r\n".repeat(8) + ordinary("{}");
      assertThat(firstGets(stage, odd)).isEqualTo("{}");
      othersGetTheirOwn(stage);
    }
  }

  private static void assertNoAnswer(String odd) throws Exception {
    try (var stage = Stage.plain(TlsProvider.best())) {
      stage.aws.script = ScriptedUpstream.bytes(odd);
      try (var client = stage.connect(stage.alice())) {
        client.send(RawClient.request("PutItem", "{\"TableName\":\"alices\"}"));
        assertThat(client.isClosed()).as("cut off without a status").isTrue();
      }
      assertThat(stage.aws.seen).as("sent once").hasSize(1);
      othersGetTheirOwnElsewhere(stage);
      assertOutcome(stage, Outcome.UNKNOWN);
    }
  }

  @Test
  void bytesThatNobodyAskedForEndAnIdleConnection() throws Exception {
    try (var stage = Stage.plain(TlsProvider.best())) {
      var kept = new AtomicReference<Socket>();
      stage.aws.script =
          (seen, socket, out) -> {
            kept.set(socket);
            return ScriptedUpstream.bytes(ordinary("{}")).play(seen, socket, out);
          };
      try (var client = stage.connect(stage.alice())) {
        assertThat(client.call("PutItem", "{\"TableName\":\"alices\"}").text()).isEqualTo("{}");
        kept.get().getOutputStream().write(STOLEN.getBytes(StandardCharsets.US_ASCII));
        await().until(() -> stage.aws.open() == 0);
        othersGetTheirOwnElsewhere(stage);
        assertThat(client.call("PutItem", "{\"TableName\":\"alices\"}").text())
            .as("her connection goes on")
            .isEqualTo("{\"TableName\":\"alices\"}");
      }
    }
  }

  @Test
  void anAnswerToTheEndOfTheConnectionIsWholeOnlyIfTlsSaysSo() throws Exception {
    try (var stage = Stage.verified()) {
      stage.aws.script =
          (seen, socket, out) -> {
            out.write((OK + "\r\n{\"half\":").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            socket.shutdownOutput();
            return true;
          };
      try (var client = stage.connect(stage.alice())) {
        client.send(RawClient.request("PutItem", "{\"TableName\":\"alices\"}"));
        assertThatThrownBy(client::answer)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("the agent closed");
      }
      othersGetTheirOwnElsewhere(stage);
      assertOutcome(stage, Outcome.UNKNOWN);
    }
  }

  @Test
  void andThenItIs() throws Exception {
    try (var stage = Stage.verified()) {
      stage.aws.script =
          (seen, socket, out) -> {
            out.write((OK + "\r\n{}").getBytes(StandardCharsets.US_ASCII));
            out.close();
            return false;
          };
      try (var client = stage.connect(stage.alice())) {
        assertThat(client.call("PutItem", "{\"TableName\":\"alices\"}").text()).isEqualTo("{}");
      }
      othersGetTheirOwnElsewhere(stage);
      assertOutcome(stage, Outcome.ANSWERED);
    }
  }

  private static String ordinary(String body) {
    return OK + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static String firstGets(Stage stage, String answer) throws Exception {
    stage.aws.script = ScriptedUpstream.bytes(answer);
    try (var client = stage.connect(stage.alice())) {
      return client.call("PutItem", "{\"TableName\":\"alices\"}").text();
    }
  }

  /// Each is answered with what it sent.
  private static void othersGetTheirOwn(Stage stage) throws Exception {
    stage.aws.script =
        (seen, socket, out) ->
            ScriptedUpstream.ok(new String(seen.body(), StandardCharsets.US_ASCII))
                .play(seen, socket, out);
    for (var other : OTHERS) {
      stage.facts.users.put(other, List.of("developer"));
      var identity = stage.user(other, Stage.DATABASE, Stage.ROLE, Duration.ofHours(1));
      try (var client = stage.connect(identity)) {
        var body = "{\"TableName\":\"" + other + "s\"}";
        assertThat(client.call("PutItem", body).text()).isEqualTo(body);
      }
    }
  }

  private static void othersGetTheirOwnElsewhere(Stage stage) throws Exception {
    othersGetTheirOwn(stage);
    assertThat(stage.aws.seen)
        .extracting(ScriptedUpstream.Seen::connection)
        .as("connections, of which the first had the odd answer")
        .containsExactly(1, 2, 3);
  }

  private static void assertOutcome(Stage stage, Outcome outcome) {
    await().until(() -> !stage.sink.of(DynamoDbRequest.class).isEmpty());
    assertThat(stage.sink.of(DynamoDbRequest.class).getFirst().outcome()).isEqualTo(outcome);
  }
}
