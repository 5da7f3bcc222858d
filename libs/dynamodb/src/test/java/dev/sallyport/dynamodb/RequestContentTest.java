package dev.sallyport.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestContentTest {

  private static RequestContent read(String body) {
    return RequestContent.of(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void keys_are_found_where_a_request_has_them() {
    assertThat(
            read("{\"TableName\":\"t\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}}")
                .keys())
        .isEqualTo(Map.of("pk", List.of("S:a"), "sk", List.of("N:1")));
    assertThat(
            read("{\"RequestItems\":{\"t\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}},{\"pk\":{\"S\":\"b\"}}]}}}")
                .keys())
        .isEqualTo(Map.of("pk", List.of("S:a", "S:b")));
    assertThat(
            read("{\"TransactItems\":[{\"Delete\":{\"TableName\":\"t\",\"Key\":{\"pk\":{\"B\":\"AA==\"}}}},"
                     + "{\"Put\":{\"Item\":{\"pk\":{\"S\":\"hidden\"}}}}]}")
                .keys())
        .isEqualTo(Map.of("pk", List.of("B:AA==")));
    assertThat(
            read("{\"KeyConditionExpression\":\"#p = :p AND begins_with(sk,"
                    + " :s)\",\"ExpressionAttributeNames\":{\"#p\":\"pk\"},"
                    + "\"ExpressionAttributeValues\":{\":p\":{\"S\":\"a\"},\":s\":{\"S\":\"x\"}}}")
                .keys())
        .isEqualTo(Map.of("pk", List.of("S:a")));
    assertThat(
            read("{\"KeyConditions\":{\"pk\":{\"ComparisonOperator\":\"EQ\",\"AttributeValueList\":[{\"S\":\"a\"}]},"
                     + "\"sk\":{\"AttributeValueList\":[{\"N\":\"7\"}],\"ComparisonOperator\":\"GT\"}}}")
                .keys())
        .isEqualTo(Map.of("pk", List.of("S:a")));
  }

  @Test
  void an_item_is_counted_and_not_looked_into() {
    var content =
        read(
            "{\"RequestItems\":{\"t\":[{\"PutRequest\":{\"Item\":{\"Key\":{\"M\":{\"x\":{\"S\":\"canary\"}}}}}},"
                + "{\"DeleteRequest\":{\"Key\":{\"pk\":{\"S\":\"a\"}}}}]}}");

    assertThat(content.items()).isEqualTo(2);
    assertThat(content.toString()).doesNotContain("canary");
  }

  @Test
  void conditions_and_the_wish_for_capacity_are_named() {
    var content =
        read(
            "{\"FilterExpression\":\"a ="
                + " :canary\",\"ProjectionExpression\":\"canary\",\"ScanFilter\":null,"
                + "\"ReturnConsumedCapacity\":\"TOTAL\",\"ExclusiveStartKey\":{\"pk\":{\"S\":\"canary\"}}}");

    assertThat(content.conditions()).containsExactly("filter", "projection", "page");
    assertThat(content.asksForCapacity()).isTrue();
    assertThat(content.toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT * FROM \"Music\" WHERE Artist = 'Acme ''s' AND n >= 1.5e3|SELECT * FROM \"Music\""
            + " WHERE Artist = ? AND n >= ?",
        "INSERT INTO t VALUE {'pk' : 'v', 'n' : -3, 'b' : true, 'x' : `canary`}|INSERT INTO t VALUE"
            + " {? : ?, ? : -?, ? : ?, ? : ?}",
        "SELECT a1 FROM t -- canary|SELECT a1 FROM t",
        "SELECT /* canary */ a FROM t.idx WHERE b = \"canary\"|SELECT a FROM t.idx WHERE b = ?",
        "SELECT * FROM t WHERE a = 'canary|SELECT * FROM t WHERE a = ?",
        "SELECT * FROM t WHERE a = .5 AND b IN ['x', 2]|SELECT * FROM t WHERE a = ? AND b IN [?,"
            + " ?]",
      })
  void literals_of_partiql_are_hidden(String statement, String masked) {
    assertThat(PartiqlMask.of(statement)).isEqualTo(masked);
  }

  @Test
  void what_is_long_is_bounded_and_said_to_be() {
    var keys = new StringBuilder("{\"RequestItems\":{\"t\":{\"Keys\":[");
    for (int i = 0; i < 100; i++) {
      keys.append(i == 0 ? "" : ",").append("{\"pk\":{\"S\":\"").append(i).append("\"}}");
    }
    var content = read(keys.append("]}}}").toString());

    assertThat(content.items()).isEqualTo(100);
    assertThat(content.keys().get("pk")).hasSize(RequestContent.VALUES_MAX);
    assertThat(content.cut()).isTrue();
    assertThat(PartiqlMask.of("a ".repeat(100_000)))
        .hasSizeLessThanOrEqualTo(PartiqlMask.LENGTH_MAX);
  }

  @ParameterizedTest
  @CsvSource({"300", "1000", "5000"})
  void a_cut_body_is_valid_json_of_the_size(int size) throws Exception {
    String body =
        "{\"TableName\":\"t\",\"Item\":{\"long\":{\"S\":\""
            + "x\\u0001\\\"é".repeat(3000)
            + "\"},\"list\":{\"L\":["
            + "{\"N\":\"1.50\"},".repeat(400)
            + "{\"N\":\"2\"}]},\"b\":{\"BOOL\":true},\"z\":{\"NULL\":null}}}";
    var cut = BoundedBody.of(body.getBytes(StandardCharsets.UTF_8), size, 64);

    assertThat(cut.cut()).isTrue();
    assertThat(cut.json().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(size);
    assertThat(RequestSummary.of(operation(), cut.json().getBytes(StandardCharsets.UTF_8), home()))
        .isInstanceOf(RequestSummary.class);
  }

  @Test
  void a_small_body_is_kept_as_it_is() {
    String body =
        "{\"TableName\":\"t\",\"Limit\":10,\"Key\":{\"a\":{\"L\":[{\"S\":\"x\"},{\"N\":\"1\"}]}},\"e\":{},\"f\":[]}";
    assertThat(BoundedBody.of(body.getBytes(StandardCharsets.UTF_8), 1000, 64))
        .isEqualTo(new BoundedBody(body, false));
  }

  @Test
  void a_number_that_readers_cannot_hold_is_left_out() {
    String body = "{\"Limit\":1e99999999999,\"a\":-1.5e300}";
    assertThat(BoundedBody.of(body.getBytes(StandardCharsets.UTF_8), 1000, 64))
        .isEqualTo(new BoundedBody("{\"a\":-1.5e300}", true));
  }

  @Test
  void deep_nesting_is_cut_off() {
    String body = "{\"a\":" + "[".repeat(90) + "]".repeat(90) + "}";
    var cut = BoundedBody.of(body.getBytes(StandardCharsets.UTF_8), 1000, 10);

    assertThat(cut)
        .isEqualTo(new BoundedBody("{\"a\":" + "[".repeat(9) + "]".repeat(9) + "}", true));
    assertThat(RequestContent.of(body.getBytes(StandardCharsets.UTF_8)).keys()).isEmpty();
  }

  @Test
  void the_key_of_the_table_is_told_where_a_request_names_it_whole() {
    assertThat(read("{\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}}").tableKey())
        .containsExactlyInAnyOrder("pk", "sk");
    assertThat(
            read("{\"RequestItems\":{\"t\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}},{\"pk\":{\"S\":\"b\"}}]}}}")
                .tableKey())
        .containsExactly("pk");
    assertThat(
            read("{\"RequestItems\":{\"t\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}},{\"k\":{\"S\":\"b\"}},{\"pk\":{\"S\":\"b\"}}]}}}")
                .tableKey())
        .isEmpty();
    assertThat(
            read("{\"Key\":{\"a\":{\"S\":\"1\"},\"b\":{\"S\":\"1\"},\"c\":{\"S\":\"1\"}}}")
                .tableKey())
        .isEmpty();
    assertThat(
            read("{\"KeyConditionExpression\":\"pk ="
                    + " :p\",\"ExpressionAttributeValues\":{\":p\":{\"S\":\"a\"}}}")
                .tableKey())
        .isEmpty();
  }

  @Test
  void known_keys_of_whole_items_are_told_and_nothing_else_of_them() {
    var body =
        """
        {"RequestItems":{"t":[{"PutRequest":{"Item":{"n":{"M":{"pk":{"S":"x"}}},"pk":{"S":"a"}}}},
        {"PutRequest":{"Item":{"pk":{"S":"b"},"l":{"L":[{"S":"y"}]}}}}]}}\
        """;
    var content = RequestContent.of(body.getBytes(StandardCharsets.UTF_8), Set.of("pk"));
    assertThat(content.keys()).isEqualTo(Map.of("pk", List.of("S:a", "S:b")));
    assertThat(content.items()).isEqualTo(2);
    assertThat(content.tableKey()).isEmpty();
    assertThat(read(body).keys()).isEmpty();
  }

  @Test
  void any_bytes_are_read_or_tell_nothing() {
    Random random = new Random(11);
    byte[] good =
        "{\"TransactItems\":[{\"Update\":{\"Key\":{\"pk\":{\"S\":\"a\"}},\"UpdateExpression\":\"SET x = :x\"}}],\"Statement\":\"SELECT 'a' FROM t\"}"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = good.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertThatCode(() -> RequestContent.of(damaged)).doesNotThrowAnyException();
      assertThatCode(() -> PartiqlMask.of(new String(damaged, StandardCharsets.UTF_8)))
          .doesNotThrowAnyException();
    }
  }

  private static Operation operation() {
    return ((DynamoDbTarget.Known) DynamoDbTarget.parse("DynamoDB_20120810.PutItem")).operation();
  }

  private static AwsHome home() {
    return new AwsHome("aws", "us-east-1", "123456789012");
  }
}
