package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.agent.aws.CredentialOutcome;
import dev.sallyport.audit.DatabaseEvent.DbSessionEnd;
import dev.sallyport.audit.DatabaseEvent.DbSessionStart;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.net.TlsProvider;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// Line ends are what many of these texts are about.
@SuppressWarnings("StringConcatToTextBlock")
class DatabaseConnectionTest {
  private final Stage stage;

  DatabaseConnectionTest() throws Exception {
    stage = Stage.plain(TlsProvider.best());
  }

  @AfterEach
  void nothingIsHeldAtTheEnd() throws Exception {
    await().until(() -> stage.budget.held() == 0);
    stage.close();
  }

  @Test
  void sessionAndRequestsAreOnRecord() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      client.call("GetItem", "{\"TableName\":\"Music\",\"Key\":{\"a\":{\"S\":\"x\"}}}");
    }
    await().until(() -> !stage.sink.of(DynamoDbRequest.class).isEmpty());
    stage.sessions.close();

    assertThat(stage.sink.of(DbSessionStart.class))
        .singleElement()
        .satisfies(start -> {
          assertThat(start.success()).isTrue();
          assertThat(start.session().sid()).isEqualTo("session-1");
          assertThat(start.remoteAddress()).contains("10.0.0.7:4711");
        });
    assertThat(stage.sink.of(DynamoDbRequest.class))
        .singleElement()
        .satisfies(request -> {
          assertThat(request.outcome()).isEqualTo(Outcome.ANSWERED);
          assertThat(request.statusCode()).isEqualTo(200);
          assertThat(request.tables()).containsExactly("Music");
          assertThat(request.role()).contains("developer");
          assertThat(request.awsRequestId()).contains("REQ1");
          assertThat(request.awsRoleArn()).contains("arn:aws:iam::123456789012:role/Example");
          assertThat(request.toString()).doesNotContain("\"x\"");
        });
    assertThat(stage.sink.of(DbSessionEnd.class))
        .singleElement()
        .satisfies(end -> assertThat(end.requests()).isEqualTo(1));
  }

  @Test
  void aRequestThatIsOnItsWayWhenTheAgentStopsIsAnsweredAndTheLastOne() throws Exception {
    try (var client = stage.connect(stage.alice());
        var idle = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      assertThat(idle.call("ListTables", "{}").status()).isEqualTo(200);

      stage.door.drain().join();

      var last = client.call("ListTables", "{}");
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.header("Connection")).contains("close");
      assertThat(client.isClosed()).isTrue();
      assertThat(idle.isClosed()).as("nobody waits for long").isTrue();
      assertThat(stage.door.awaitEmpty(Duration.ofSeconds(10))).isTrue();
    }
  }

  /// A large body on a slow line takes longer than the moment that an agent waits for requests.
  @Test
  void aRequestThatIsComingInWhenTheAgentStopsMayComeToItsEndAndIsAnswered() throws Exception {
    try (var uploading = stage.connect(stage.alice());
        var inTheHead = stage.connect(stage.alice());
        var idle = stage.connect(stage.alice())) {
      assertThat(idle.call("ListTables", "{}").status()).isEqualTo(200);
      var request = RawClient.request("PutItem", "{\"TableName\":\"t\",\"Item\":{}}");
      var body = request.indexOf("\r\n\r\n") + 4;
      uploading.send(request.substring(0, body + 5));
      inTheHead.send(request.substring(0, 40));
      await().until(() -> stage.budget.held() > 0);

      stage.door.drain().join();

      assertThat(idle.isClosed()).as("closed once the moment is over").isTrue();
      uploading.send(request.substring(body + 5));
      inTheHead.send(request.substring(40));
      for (var client : List.of(uploading, inTheHead)) {
        var last = client.answer();
        assertThat(last.status()).isEqualTo(200);
        assertThat(last.header("Connection")).contains("close");
        assertThat(client.isClosed()).isTrue();
      }
      assertThat(stage.door.awaitEmpty(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void aDeniedUserGetsDynamoDbsOwnErrorAndNothingReachesAws() throws Exception {
    stage.facts.roles.put("developer", Stage.role(List.of("Other")));
    try (var client = stage.connect(stage.alice())) {
      var answer = client.call("ListTables", "{}");

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains("AccessDeniedException").contains("access to db denied");
      var crc = new CRC32();
      crc.update(answer.body());
      assertThat(answer.header("x-amz-crc32")).contains(Long.toString(crc.getValue()));
      assertThat(answer.header("x-amzn-RequestId")).isPresent();
      assertThat(client.call("ListTables", "{}").status())
          .as("the connection stays")
          .isEqualTo(400);
    }
    assertThat(stage.aws.seen).isEmpty();
    assertThat(stage.sink.of(DbSessionStart.class))
        .singleElement()
        .satisfies(start -> assertThat(start.success()).isFalse());
    assertThat(stage.sink.of(DynamoDbRequest.class))
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.outcome()).isEqualTo(Outcome.REFUSED));
  }

  @Test
  void aRoleThatIsTakenAwayActsOnTheNextRequestOfAnOpenConnection() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      long judged = stage.facts.lookups.get();
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      assertThat(stage.facts.lookups.get()).as("nothing changed: same permit").isEqualTo(judged);

      stage.facts.users.put("alice", List.of());
      stage.facts.version.incrementAndGet();

      assertThat(client.call("ListTables", "{}").text()).contains("AccessDeniedException");
    }
  }

  @Test
  void withoutAFreshViewNothingIsAllowedAndSdksTryAgain() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      stage.facts.fresh = false;
      var answer = client.call("ListTables", "{}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("ServiceUnavailable");
      stage.facts.fresh = true;
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void aRequestWaitsAMomentForAViewAndIsJudgedByTheNewOne() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      assertThat(afterAMomentOfBlindness(client, () -> {}).status()).isEqualTo(200);
      var refused =
          afterAMomentOfBlindness(
              client,
              () -> {
                stage.facts.users.put("alice", List.of());
                stage.facts.version.incrementAndGet();
              });
      assertThat(refused.text()).contains("AccessDeniedException");
    }
    assertThat(stage.sink.of(DynamoDbRequest.class))
        .extracting(DynamoDbRequest::outcome)
        .containsExactly(Outcome.ANSWERED, Outcome.REFUSED);
  }

  private RawClient.Answer afterAMomentOfBlindness(RawClient client, Runnable meanwhile)
      throws Exception {
    stage.facts.fresh = false;
    long before = stage.facts.notSeen.get();
    client.send(RawClient.request("ListTables", "{}"));
    await().until(() -> stage.facts.notSeen.get() > before + 2);
    meanwhile.run();
    stage.facts.fresh = true;
    return client.answer();
  }

  @Test
  void aClientThatLeavesWhileItsRequestWaitsForAViewIsOnRecord() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.facts.fresh = false;
      client.send(RawClient.request("ListTables", "{}"));
      await().until(() -> stage.facts.notSeen.get() > 2);
    }
    await().until(() -> stage.sink.of(DynamoDbRequest.class).size() == 2);
    assertThat(stage.sink.of(DynamoDbRequest.class).getLast().outcome())
        .isEqualTo(Outcome.NOT_SENT);
    assertThat(stage.aws.seen).hasSize(1);
  }

  @Test
  void aCertificateThatEndsOnAnOpenConnectionIsToldToSignInAgain() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      stage.now = stage.now.plus(Duration.ofHours(1));
      var answer = client.call("ListTables", "{}");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains("ExpiredTokenException").contains("tsh login");
    }
  }

  @Test
  void whatStsSaysReachesTheClientInItsPlace() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      stage.assumer =
          session -> new CredentialOutcome.Refused("role X does not trust agent role Y");
      var refused = client.call("ListTables", "{}");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text()).contains("AccessDeniedException").contains("does not trust");

      stage.now = stage.now.plusSeconds(10);
      stage.assumer = session -> new CredentialOutcome.Unavailable("STS is down");
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(503);

      stage.now = stage.now.plusSeconds(10);
      stage.assumer = session -> new CredentialOutcome.NoAgentCredentials("set AWS_PROFILE");
      assertThat(client.call("ListTables", "{}").text()).contains("set AWS_PROFILE");
    }
  }

  @Test
  void aRoleThatIsTakenAwayWhileStsIsAskedIsNotUsed() throws Exception {
    var asked = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    stage.assumer =
        session -> {
          asked.countDown();
          awaitQuietly(go);
          return stage.granted(session);
        };
    try (var client = stage.connect(stage.alice())) {
      client.send(RawClient.request("ListTables", "{}"));
      asked.await();
      stage.facts.users.remove("alice");
      stage.facts.version.incrementAndGet();
      go.countDown();

      assertThat(client.answer().text()).contains("AccessDeniedException");
    }
    assertThat(stage.aws.seen).isEmpty();
  }

  @Test
  void withoutARecordNothingLeaves() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      stage.sink.broken = true;
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(503);
      assertThat(stage.aws.seen).isEmpty();
      stage.sink.broken = false;
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void anUpstreamThatIsDownIsAnOutageAndTheClientKeepsItsConnection() throws Exception {
    stage.aws.close();
    try (var client = stage.connect(stage.alice())) {
      var answer = client.call("ListTables", "{}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("cannot reach");
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(503);
    }
    await().until(() -> stage.sink.of(DynamoDbRequest.class).size() == 2);
    assertThat(stage.sink.of(DynamoDbRequest.class))
        .allSatisfy(request -> assertThat(request.outcome()).isEqualTo(Outcome.NOT_SENT));
  }

  @Test
  void anOutcomeThatNobodyKnowsEndsTheConnectionWithoutAStatusAndIsSentOnce() throws Exception {
    stage.aws.script = (seen, socket, out) -> false;
    try (var client = stage.connect(stage.alice())) {
      client.send(RawClient.request("PutItem", "{\"TableName\":\"t\"}"));
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(stage.aws.seen).hasSize(1);
    await().until(() -> !stage.sink.of(DynamoDbRequest.class).isEmpty());
    assertThat(stage.sink.of(DynamoDbRequest.class))
        .singleElement()
        .satisfies(request -> assertThat(request.outcome()).isEqualTo(Outcome.UNKNOWN));
  }

  @Test
  void anAwsThatNeverAnswersEndsTheConnectionAfterItsTime() throws Exception {
    try (var impatient = Stage.impatient(Duration.ofMillis(300));
        var client = impatient.connect(impatient.alice())) {
      impatient.aws.script = (seen, socket, out) -> true;
      client.send(RawClient.request("ListTables", "{}"));
      assertThat(client.isClosed()).isTrue();
      assertThat(impatient.aws.seen).hasSize(1);
    }
  }

  @Test
  void aClientThatDoesNotReadItsAnswerIsCutOffAndTheOutcomeIsOnRecord() throws Exception {
    try (var impatient = Stage.impatient(Duration.ofMillis(300));
        var client = impatient.connect(impatient.alice())) {
      impatient.aws.script = ScriptedUpstream.ok("x".repeat(16 << 20));
      client.send(RawClient.request("Scan", "{\"TableName\":\"t\"}"));

      await().until(() -> !impatient.sink.of(DynamoDbRequest.class).isEmpty());
      assertThat(impatient.sink.of(DynamoDbRequest.class))
          .singleElement()
          .satisfies(request -> {
            assertThat(request.outcome()).isEqualTo(Outcome.ANSWERED);
            assertThat(request.statusCode()).isEqualTo(200);
          });
      await().until(() -> impatient.door.connections() == 0);
    }
  }

  @Test
  void aKeptConnectionThatAwsClosedIsReplacedWithoutTheClientNoticing() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
      stage.aws.dropConnections();
      await().until(() -> stage.upstream.connections() == 0);
      assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
    }
    assertThat(stage.aws.connections()).isEqualTo(2);
    assertThat(stage.aws.seen).hasSize(2);
  }

  @Test
  void anErrorOfAwsPassesThrough() throws Exception {
    stage.aws.script =
        ScriptedUpstream.bytes(
            "HTTP/1.1 400 Bad Request\r\n"
                + "x-amzn-RequestId: R2\r\n"
                + "Content-Length: 11\r\n\r\n"
                + "{\"oh\":\"no\"}");
    try (var client = stage.connect(stage.alice())) {
      var answer = client.call("GetItem", "{\"TableName\":\"t\"}");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.head()).startsWith("HTTP/1.1 400 Bad Request\n");
      assertThat(answer.text()).isEqualTo("{\"oh\":\"no\"}");
    }
  }

  @Test
  void aRequestThatIsNotOfTheProtocolIsRefused() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answer().text()).contains("ValidationException");
      client.send("POST /service/DynamoDB/operation/ListTables HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answer().text()).contains("RPC v2");
      client.send("POST /?X-Amz-Security-Token=x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answer().text()).contains("ValidationException");
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n"
              + "x-amz-target: DynamoDB_20120810.DeleteTable\r\n\r\n");
      assertThat(client.answer().text()).contains("stands more than once");
      assertThat(client.call("NoSuchThing", "{}").text()).contains("UnknownOperationException");
      assertThat(client.call("GetItem", "{\"TableName\":\"a\",\"TableName\":\"b\"").text())
          .contains("SerializationException");
      assertThat(client.call("GetItem", "[".repeat(100_000)).status()).isEqualTo(400);
    }
    assertThat(stage.aws.seen).isEmpty();
  }

  /// As long as no rule reads bodies: what AWS makes of it, AWS says.
  @Test
  void aBodyThatMayBeReadInTwoWaysPassesUnchangedAndIsMarked() throws Exception {
    var bodies =
        List.of(
            "{\"TableName\":\"a\",\"TableName\":\"b\"}",
            "{\"TableName\":\"a\",\"Key\":{\"k\":{\"S\":\"x\",\"S\":\"y\"}}}",
            "{\"tablename\":\"a\"}");
    try (var client = stage.connect(stage.alice())) {
      for (var body : bodies) {
        assertThat(client.call("GetItem", body).status()).isEqualTo(200);
        assertThat(new String(stage.aws.seen.take().body(), StandardCharsets.UTF_8))
            .isEqualTo(body);
      }
    }
    await().until(() -> stage.sink.of(DynamoDbRequest.class).size() == bodies.size());
    assertThat(stage.sink.of(DynamoDbRequest.class))
        .allSatisfy(request -> {
          assertThat(request.tableKnowledge()).isEqualTo("ambiguous");
          assertThat(request.detail().keyAttributes()).isEmpty();
        });
  }

  @Test
  void aBodyThatIsCompressedIsNotInflatedButRefused() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      for (var coding : List.of("gzip", "deflate", "br", "identity, gzip")) {
        client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: DynamoDB_20120810.PutItem\r\n"
                + "Content-Encoding: "
                + coding
                + "\r\nContent-Length: 3\r\n\r\nabc");
        var answer = client.answer();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
            .contains("ValidationException", "turn the client's compression of requests off");
      }
    }
    assertThat(stage.aws.seen).isEmpty();
  }

  /// It holds a good request in 16 MiB of blanks, of which nobody here ever learns.
  @ParameterizedTest
  @ValueSource(strings = {"Content-Encoding: gzip\r\n", "Content-Encoding: x-gzip\r\n", ""})
  void aZipBombIsRefusedAsItCame(String coding) throws Exception {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(("{" + " ".repeat(16 << 20) + "}").getBytes(StandardCharsets.UTF_8));
    }
    try (var client = stage.connect(stage.alice())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n"
              + coding
              + "Content-Length: "
              + packed.size()
              + "\r\n\r\n"
              + packed.toString(StandardCharsets.ISO_8859_1));
      var answer = client.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text())
          .contains(coding.isEmpty() ? "SerializationException" : "ValidationException");
    }
    assertThat(stage.aws.seen).isEmpty();
  }

  @Test
  void aSmuggledRequestIsAnsweredOnceAndTheConnectionEnds() throws Exception {
    try (var client = stage.connect(stage.alice())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "0\r\n\r\n"
              + RawClient.request("DeleteTable", "{\"TableName\":\"t\"}"));
      var answer = client.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Connection")).contains("close");
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(stage.aws.seen).isEmpty();
  }

  @Test
  void aClientThatLeavesBeforeTheAnswerLeavesTheOutcomeOnRecord() throws Exception {
    var go = new CountDownLatch(1);
    stage.aws.script =
        (seen, socket, out) -> {
          awaitQuietly(go);
          return ScriptedUpstream.ok("{}").play(seen, socket, out);
        };
    var client = stage.connect(stage.alice());
    client.send(RawClient.request("PutItem", "{\"TableName\":\"t\"}"));
    stage.aws.seen.take();
    client.close();
    go.countDown();

    await().until(() -> !stage.sink.of(DynamoDbRequest.class).isEmpty());
    assertThat(stage.sink.of(DynamoDbRequest.class))
        .singleElement()
        .satisfies(request -> assertThat(request.outcome()).isEqualTo(Outcome.ANSWERED));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
