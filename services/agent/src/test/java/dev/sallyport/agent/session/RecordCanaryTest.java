package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.dynamodb.Operation;
import dev.sallyport.dynamodb.Operations;
import dev.sallyport.net.TlsProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Marked values in every place of every operation's request where a client puts data, and in its
/// headers: none is in any record.
// Line ends are what some of these texts are about.
@SuppressWarnings("StringConcatToTextBlock")
final class RecordCanaryTest {
  /// As text, as a number, and as Base64 of the text.
  private static final List<String> CANARIES = List.of("CANARY", "98765432198", "Q0FOQVJZ");

  private static final String VALUE = "{\"S\":\"CANARY\"}";
  private static final String KEY = "{\"pk\":" + VALUE + ",\"sk\":{\"N\":\"98765432198\"}}";
  private static final String ITEM =
      "{\"pk\":"
          + VALUE
          + ",\"sk\":{\"N\":\"98765432198\"},\"b\":{\"B\":\"Q0FOQVJZ\"},\"l\":{\"L\":["
          + VALUE
          + "]},\"m\":{\"M\":{\"CANARY\":"
          + VALUE
          + "}},\"ss\":{\"SS\":[\"CANARY\"]},\"bs\":{\"BS\":[\"Q0FOQVJZ\"]}}";
  private static final String EXPRESSIONS =
      "\"ConditionExpression\":\"pk = :c\",\"ExpressionAttributeNames\":{\"#a\":\"CANARY\"},"
          + "\"ExpressionAttributeValues\":{\":c\":"
          + VALUE
          + ",\":n\":{\"N\":\"98765432198\"}}";
  private static final String STATEMENT =
      "\"Statement\":\"INSERT INTO \\\"t\\\" VALUE {'pk': 'CANARY', 'n': 98765432198, 'q':"
          + " 'it''s CANARY'}\",\"Parameters\":["
          + VALUE
          + "]";

  /// What goes into the body of an operation besides the table; for all others, data in places that
  /// several have.
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("GetItem", "\"Key\":" + KEY),
          Map.entry("PutItem", "\"Item\":" + ITEM + "," + EXPRESSIONS),
          Map.entry(
              "UpdateItem",
              "\"Key\":"
                  + KEY
                  + ",\"UpdateExpression\":\"SET #a = :c\","
                  + EXPRESSIONS
                  + ",\"AttributeUpdates\":{\"v\":{\"Value\":"
                  + VALUE
                  + "}}"),
          Map.entry(
              "DeleteItem",
              "\"Key\":" + KEY + ",\"Expected\":{\"v\":{\"Value\":" + VALUE + "}}," + EXPRESSIONS),
          Map.entry(
              "Query",
              "\"KeyConditionExpression\":\"pk = :c\",\"FilterExpression\":\"#a ="
                  + " :n\",\"ExclusiveStartKey\":"
                  + KEY
                  + ",\"KeyConditions\":{\"pk\":{\"AttributeValueList\":["
                  + VALUE
                  + "]}},"
                  + EXPRESSIONS),
          Map.entry(
              "Scan",
              "\"ScanFilter\":{\"v\":{\"AttributeValueList\":["
                  + VALUE
                  + "]}},\"ExclusiveStartKey\":"
                  + KEY
                  + ","
                  + EXPRESSIONS),
          Map.entry("BatchGetItem", "\"RequestItems\":{\"t\":{\"Keys\":[" + KEY + "]}}"),
          Map.entry(
              "BatchWriteItem",
              "\"RequestItems\":{\"t\":[{\"PutRequest\":{\"Item\":"
                  + ITEM
                  + "}},{\"DeleteRequest\":{\"Key\":"
                  + KEY
                  + "}}]}"),
          Map.entry(
              "TransactGetItems",
              "\"TransactItems\":[{\"Get\":{\"TableName\":\"t\",\"Key\":" + KEY + "}}]"),
          Map.entry(
              "TransactWriteItems",
              "\"ClientRequestToken\":\"CANARY\",\"TransactItems\":[{\"Put\":{\"TableName\":\"t\",\"Item\":"
                  + ITEM
                  + "}},{\"Update\":{\"TableName\":\"t\",\"Key\":"
                  + KEY
                  + ",\"UpdateExpression\":\"SET #a = :c\","
                  + EXPRESSIONS
                  + "}},{\"Delete\":{\"TableName\":\"t\",\"Key\":"
                  + KEY
                  + "}},{\"ConditionCheck\":{\"TableName\":\"t\",\"Key\":"
                  + KEY
                  + ","
                  + EXPRESSIONS
                  + "}}]"),
          Map.entry("ExecuteStatement", STATEMENT + ",\"NextToken\":\"CANARY\""),
          Map.entry("BatchExecuteStatement", "\"Statements\":[{" + STATEMENT + "}]"),
          Map.entry(
              "ExecuteTransaction",
              "\"ClientRequestToken\":\"CANARY\",\"TransactStatements\":[{" + STATEMENT + "}]"),
          Map.entry(
              "GetRecords", "\"ShardIterator\":\"arn:aws:dynamodb:us-east-1:1:CANARY|1|CANARY\""));

  private static final String ANYWHERE =
      "\"NextToken\":\"CANARY\",\"ClientToken\":\"CANARY\",\"Tags\":[{\"Key\":\"CANARY\","
          + "\"Value\":\"CANARY\"}],\"Policy\":\"CANARY\",\"Unknown\":{\"CANARY\":[\"CANARY\"]}";

  private final Stage stage;

  RecordCanaryTest() throws Exception {
    stage = Stage.plain(TlsProvider.best());
  }

  @AfterEach
  void close() throws IOException {
    stage.close();
  }

  @Test
  void noValueOfAnyOperationAndNoHeaderIsOnRecord() throws Exception {
    var operations = Operations.all();
    assertThat(operations).extracting(Operation::name).containsAll(BODIES.keySet());
    try (var client = stage.connect(stage.alice())) {
      for (var operation : operations) {
        client.send(request(operation));
        client.answer();
      }
    }
    await().until(() -> stage.sink.of(DynamoDbRequest.class).size() == operations.size());

    assertThat(stage.aws.seen).as("most are sent, with what they hold").hasSizeGreaterThan(20);
    for (var event : stage.sink.events) {
      assertThat(new String(AuditJson.toBytes(event), StandardCharsets.UTF_8))
          .doesNotContain(CANARIES)
          .doesNotContain("secret")
          .doesNotContain("\"token\"");
    }
  }

  private static String request(Operation operation) {
    var body = "{\"TableName\":\"t\"," + BODIES.getOrDefault(operation.name(), ANYWHERE) + "}";
    return "POST / HTTP/1.1\r\nHost: CANARY.example\r\nX-Amz-Target: "
        + operation.target()
        + "\r\nContent-Type: application/x-amz-json-1.0\r\n"
        + "Authorization: AWS4-HMAC-SHA256 Credential=CANARY/x, Signature=CANARY\r\n"
        + "X-Amz-Security-Token: CANARY\r\nX-Amz-Date: CANARY\r\nX-Amz-Content-Sha256: CANARY\r\n"
        + "X-Amz-CANARY: CANARY\r\nX-Odd: CANARY\r\nCookie: CANARY=CANARY\r\n"
        + "Proxy-Authorization: Basic CANARY\r\nX-Forwarded-For: CANARY\r\nReferer: CANARY\r\n"
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
