package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.KeyedHash;
import dev.sallyport.dynamodb.TableRef;
import dev.sallyport.net.TlsProvider;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a record of a request tells, and what it must never tell.
final class RecordContentTest {
  private final Stage stage;

  RecordContentTest() throws Exception {
    stage = Stage.plain(TlsProvider.best());
  }

  @AfterEach
  void close() throws Exception {
    stage.close();
  }

  @Test
  void noValueOfAnItemOrKeyOrStatementAndNoSecretIsOnRecord() throws Exception {
    var bodies =
        List.of(
            "{\"TableName\":\"t\",\"Key\":{\"pk\":{\"S\":\"CANARY\"}}}",
            "{\"TableName\":\"t\",\"Item\":{\"pk\":{\"S\":\"CANARY\"},\"CANARY\":{\"N\":\"1\"}}}",
            "{\"TableName\":\"t\",\"KeyConditionExpression\":\"pk ="
                + " :p\",\"FilterExpression\":\"CANARY ="
                + " :p\",\"ExpressionAttributeValues\":{\":p\":{\"S\":\"CANARY\"}}}",
            "{\"Statement\":\"SELECT * FROM t WHERE pk = 'CANARY' AND n = `CANARY`"
                + " --CANARY\",\"Parameters\":[{\"S\":\"CANARY\"}]}");
    var operations = List.of("GetItem", "PutItem", "Query", "ExecuteStatement");
    try (var client = stage.connect(stage.alice())) {
      for (int i = 0; i < bodies.size(); i++) {
        client.call(operations.get(i), bodies.get(i));
      }
    }
    try (var client = stage.connect(stage.alice())) {
      client.send(
          RawClient.request("GetItem", "{}")
              .replace("POST / ", "POST /?X-Amz-Security-Token=CANARY&X-Amz-Signature=CANARY "));
      assertThat(client.answer().status()).isEqualTo(400);
    }
    var expected = bodies.size() + 1;
    await().until(() -> stage.sink.of(DynamoDbRequest.class).size() == expected);

    for (var request : stage.sink.of(DynamoDbRequest.class)) {
      var text = new String(AuditJson.toBytes(request), StandardCharsets.UTF_8);
      assertThat(text)
          .doesNotContain("CANARY")
          .doesNotContain("secret")
          .doesNotContain("\"token\"");
    }
    assertThat(stage.sink.of(DynamoDbRequest.class).getLast().rawQuery())
        .isEqualTo("X-Amz-Security-Token=***&X-Amz-Signature=***");
    var get = stage.sink.of(DynamoDbRequest.class).getFirst();
    assertThat(get.detail().keyAttributes()).containsOnlyKeys("pk");
    assertThat(get.detail().keyAttributes().get("pk")).startsWith("hmac-sha256:").hasSize(44);
    assertThat(get.call().accessKeyId()).contains("ASIATEST");
    assertThat(get.call().roleSessionName()).contains("alice");
    assertThat(get.call().answerBytes()).isPositive();
    assertThat(stage.sink.of(DynamoDbRequest.class).get(2).detail().conditions())
        .contains("key_condition", "filter");
    assertThat(stage.sink.of(DynamoDbRequest.class).get(3).detail().statements())
        .containsExactly("SELECT * FROM t WHERE pk = ? AND n = ?");
  }

  @Test
  void keysOfAWholeItemAreKnownOnceARequestForOneItemWasTaken() throws Exception {
    var put = "{\"Item\":{\"pk\":{\"S\":\"a\"},\"n\":{\"N\":\"1\"}},\"TableName\":\"t\"}";
    var get = "{\"TableName\":\"t\",\"Key\":{\"pk\":{\"S\":\"a\"}}}";
    try (var client = stage.connect(stage.alice())) {
      client.call("PutItem", put);
      client.call("GetItem", get);
      client.call("PutItem", put);
    }
    await().until(() -> stage.sink.of(DynamoDbRequest.class).size() == 3);

    var records = stage.sink.of(DynamoDbRequest.class);
    assertThat(records.get(0).detail().keyAttributes()).isEmpty();
    assertThat(records.get(2).detail().keyAttributes())
        .isEqualTo(records.get(1).detail().keyAttributes())
        .containsOnlyKeys("pk");
  }

  @Test
  void whatIsAKeyInOneTableOnlyIsNoKeyOfAnother() {
    var keys = new TableKeys();
    keys.learn(List.of(table("a")), Set.of("pk"));
    keys.learn(List.of(table("b")), Set.of("pk", "sk"));
    keys.learn(List.of(table("c"), table("d")), Set.of("pk"));
    keys.learn(List.of(table("e")), Set.of("x".repeat(256)));
    assertThat(keys.of(List.of(table("a")))).containsExactly("pk");
    assertThat(keys.of(List.of(table("a"), table("b")))).isEmpty();
    assertThat(keys.of(List.of(table("a"), table("c")))).isEmpty();
    assertThat(keys.of(List.of(table("e")))).isEmpty();
    assertThat(keys.of(List.of())).isEmpty();
    keys.learn(List.of(table("b")), Set.of("pk"));
    assertThat(keys.of(List.of(table("b"), table("a")))).containsExactly("pk");
    for (int i = 0; i < TableKeys.MAX; i++) {
      keys.learn(List.of(table("t" + i)), Set.of("pk"));
    }
    assertThat(keys.of(List.of(table("a")))).isEmpty();
  }

  private static TableRef table(String name) {
    return new TableRef("aws", "us-east-1", "123456789012", name, Optional.empty());
  }

  @Test
  void theSameKeyHasTheSameHashAndAnotherHasAnother() {
    var digest = new KeyedHash(new byte[32]);

    assertThat(digest.ofKey("pk", "S:a")).isEqualTo(digest.ofKey("pk", "S:a"));
    assertThat(digest.ofKey("pk", "S:a"))
        .isNotEqualTo(digest.ofKey("pk", "S:b"))
        .isNotEqualTo(digest.ofKey("sk", "S:a"))
        .isNotEqualTo(digest.ofKey("pk", "N:a"));
  }

  @Test
  void codesAndCapacityAreFoundAtEitherEndOfAnAnswer() {
    assertThat(
            scan("{\"__type\":\"com.amazonaws.dynamodb.v20120810#ValidationException\",\"message\":\"CANARY\"}")
                .errorCode())
        .contains("ValidationException");
    assertThat(
            scan("{\"ConsumedCapacity\":{\"CapacityUnits\":1.5,\"TableName\":\"t\"},\"Items\":["
                    + "1,".repeat(5000)
                    + "1]}")
                .capacity())
        .isEqualTo(Optional.of(1.5));
    assertThat(
            scan("{\"Items\":["
                    + "1,".repeat(5000)
                    + "1],\"ConsumedCapacity\":{\"TableName\":\"t\",\"CapacityUnits\":2}}")
                .capacity())
        .isEqualTo(Optional.of(2.0));
    assertThat(
            scan("{\"ConsumedCapacity\":[{\"CapacityUnits\":1},{\"CapacityUnits\":2}]}").capacity())
        .isEmpty();
    assertThat(scan("{}").capacity()).isEmpty();
  }

  private static AnswerScan scan(String answer) {
    var scan = new AnswerScan();
    var bytes = answer.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += 700) {
      scan.body(Unpooled.wrappedBuffer(bytes, at, Math.min(700, bytes.length - at)));
    }
    assertThat(scan.bytes()).isEqualTo(bytes.length);
    return scan;
  }
}
