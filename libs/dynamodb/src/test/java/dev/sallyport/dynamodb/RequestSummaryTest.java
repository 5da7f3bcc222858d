package dev.sallyport.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSummaryTest {

  private static final AwsHome HOME = new AwsHome("aws", "us-east-1", "123456789012");
  private static final String ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GetItem|{'TableName':'Music','Key':{'TableName':{'S':'x'}}}|Music|COMPLETE",
        "GetItem|{'TableName':'ARN/Music'}|Music|COMPLETE",
        "Query|{'IndexName':'byYear','TableName':'Music'}|Music/byYear|COMPLETE",
        "Query|{'TableName':'Music','IndexName':null}|Music|COMPLETE",
        "Scan|{'TableName':'ARN/Music/index/i'}|Music/i|COMPLETE",
        "ListTables|{}|``|COMPLETE",
        "BatchGetItem|{'RequestItems':{'A':{'Keys':[]},'ARN/B':{'Keys':[{}]}}}|A,B|COMPLETE",
        "BatchGetItem|{'RequestItems':{'A':{'Keys':[]},'ARN/A':{'Keys':[{}]}}}|A|COMPLETE",
        "BatchWriteItem|{'RequestItems':{'A':[{'PutRequest':{'Item':{}}}],'B':[]}}|A,B|COMPLETE",
        "TransactGetItems|{'TransactItems':[{'Get':{'TableName':'A'}},{'Get':{'TableName':'B'}}]}|A,B|COMPLETE",
        "TransactWriteItems|{'TransactItems':[{'Put':{'Item':{},'TableName':'A'}},{'Update':{'TableName':'B'}},"
            + "{'Delete':{'TableName':'C'}},{'ConditionCheck':{'TableName':'D'}}]}|A,B,C,D|COMPLETE",
        "RestoreTableToPointInTime|{'SourceTableArn':'ARN/A','TargetTableName':'B'}|A,B|COMPLETE",
        "RestoreTableFromBackup|{'BackupArn':'ARN/A/backup/0123-4f','TargetTableName':'B'}|A,B|COMPLETE",
        "ImportTable|{'TableCreationParameters':{'TableName':'N'},'S3BucketSource':{}}|N|COMPLETE",
        "TagResource|{'ResourceArn':'ARN/A','Tags':[]}|A|COMPLETE",
        "ExecuteStatement|{'Statement':'SELECT * FROM \\\"Music\\\".\\\"idx\\\" WHERE"
            + " a=1'}|Music/idx|BEST_EFFORT",
        "BatchExecuteStatement|{'Statements':[{'Statement':'SELECT * FROM A'},{'Statement':'DELETE"
            + " FROM B WHERE x=?'}]}|A,B|BEST_EFFORT",
        "ExecuteTransaction|{'TransactStatements':[{'Statement':'nonsense'}]}|``|UNKNOWN",
        "GetItem|{'TableName':'not a name!'}|``|UNKNOWN",
        "GetItem|{'TableName':{'S':'Music'}}|``|UNKNOWN",
        "GetItem|{'TableName':['Music']}|``|UNKNOWN",
        "Query|{'TableName':'A','IndexName':'no index!'}|A|UNKNOWN",
        "TransactGetItems|{'TransactItems':{'Get':{'TableName':'A'}}}|``|UNKNOWN",
      })
  void the_tables_of_a_request_are_found(
      String operation, String body, String tables, TableKnowledge knowledge) {
    RequestSummary summary =
        summary(operation, body.replace('\'', '"').replace("\\\"", "\\\"").replace("ARN/", ARN));
    assertThat(names(summary)).isEqualTo(tables);
    assertThat(summary.knowledge()).isEqualTo(knowledge);
  }

  @Test
  void a_stream_and_a_position_in_it_tell_their_table() {
    String stream = ARN + "Music/stream/2026-11-22T07:00:00.000";
    Operation describe = operation(AwsService.STREAMS, "DescribeStream");
    assertThat(names(read(describe, "{\"StreamArn\":\"" + stream + "\"}"))).isEqualTo("Music");
    Operation records = operation(AwsService.STREAMS, "GetRecords");
    RequestReading positioned = read(records, "{\"ShardIterator\":\"" + stream + "|1|AAAA\"}");
    assertThat(names(positioned)).isEqualTo("Music");
    assertThat(((RequestSummary) positioned).knowledge()).isEqualTo(TableKnowledge.BEST_EFFORT);
    RequestReading opaque = read(records, "{\"ShardIterator\":\"AAAA\"}");
    assertThat(((RequestSummary) opaque).knowledge()).isEqualTo(TableKnowledge.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:dynamodb:us-east-1:999999999999:table/Music",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/Music",
        "arn:aws-cn:dynamodb:us-east-1:123456789012:table/Music"
      })
  void a_table_of_another_place_is_not_ours_though_its_name_is(String arn) {
    RequestSummary summary = summary("GetItem", "{\"TableName\":\"" + arn + "\"}");
    assertThat(summary.tables()).hasSize(1).allMatch(table -> table.isForeignTo(HOME));
    assertThat(summary.tables())
        .isNotEqualTo(summary("GetItem", "{\"TableName\":\"Music\"}").tables());
  }

  @Test
  void a_table_has_one_spelling() {
    RequestSummary byArn = summary("GetItem", "{\"TableName\":\"" + ARN + "Music\"}");
    RequestSummary byName = summary("GetItem", "{\"TableName\":\"Music\"}");
    RequestSummary escaped = summary("GetItem", "{\"Table\\u004eame\":\"M\\u0075sic\"}");
    assertThat(byArn.tables()).isEqualTo(byName.tables()).isEqualTo(escaped.tables());
    assertThat(byArn.tables()).noneMatch(table -> table.isForeignTo(HOME));
    assertThat(byArn.tables().iterator().next().arn()).isEqualTo(ARN + "Music");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "[]",
        "\"TableName\"",
        "null",
        "{\"TableName\":\"A\"",
        "{\"TableName\":\"A\"}{}",
        "{\"TableName\":\"A\"} x",
        "{\"TableName\":\"A\",\"TableName\":\"B\"",
        "{\"TableName\":\"A\",\"TableName\":\"B\"} x",
        "{'TableName':'A'}",
        "{\"TableName\":\"A\",}",
        "{\"TableName\":\"A\" /* c */}",
        "{\"TableName\":NaN}",
        "\ufeff{\"TableName\":\"A\"}",
        "{\"TableName\":\"A\0\"}",
      })
  void what_is_no_json_object_is_refused(String body) {
    assertUnreadable(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void other_encodings_are_refused() {
    String body = "{\"TableName\":\"A\"}";
    assertUnreadable(body.getBytes(StandardCharsets.UTF_16));
    assertUnreadable(body.getBytes(StandardCharsets.UTF_16LE));
    assertUnreadable(body.getBytes(java.nio.charset.Charset.forName("UTF-32")));
    // Overlong 'T', a lone continuation, an encoded surrogate, latin-1.
    for (String bad : new String[] {"\u00c1\u0094", "\u0080", "\u00ed\u00a0\u0080", "\u00e9"}) {
      assertUnreadable(("{\"" + bad + "ableName\":\"A\"}").getBytes(StandardCharsets.ISO_8859_1));
    }
    assertThat(
            read(
                operation(AwsService.DYNAMODB, "GetItem"),
                "{\"TableName\":\"A\",\"Key\":{\"é😀\":{}}}"))
        .isInstanceOf(RequestSummary.class);
  }

  @Test
  void limits_hold() {
    assertUnreadable("[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    assertUnreadable(("{\"a\":" + "[".repeat(16 * 1024 * 1024)).getBytes(StandardCharsets.UTF_8));
    assertUnreadable(
        ("{\"Limit\":" + "9".repeat(1_000_000) + "}").getBytes(StandardCharsets.UTF_8));
    assertUnreadable(
        ("{\"" + "n".repeat(RequestSummary.NAME_LENGTH_MAX + 1) + "\":1}")
            .getBytes(StandardCharsets.UTF_8));
    assertUnreadable(new byte[RequestSummary.BODY_BYTES_MAX + 1]);
    StringBuilder tables = new StringBuilder("{\"RequestItems\":{\"t\":[]");
    for (int i = 0; i < RequestSummary.TABLES_MAX + 1; i++) {
      tables.append(",\"t").append(i).append("\":[]");
    }
    assertThat(read(operation(AwsService.DYNAMODB, "BatchWriteItem"), tables + "}}"))
        .isInstanceOf(RequestReading.Unreadable.class);
  }

  @Test
  void the_deepest_item_and_the_largest_batch_that_dynamodb_takes_are_read() {
    String deep = "{\"M\":{\"a\":".repeat(32) + "{\"S\":\"x\"}" + "}}".repeat(32);
    assertThat(names(summary("PutItem", "{\"Item\":{\"a\":" + deep + "},\"TableName\":\"A\"}")))
        .isEqualTo("A");
    String large =
        "{\"Item\":{\"b\":{\"B\":\"" + "x".repeat(16 << 20) + "\"}},\"TableName\":\"A\"}";
    assertThat(names(summary("PutItem", large))).isEqualTo("A");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"TableName\":\"A\",\"TableName\":\"B\"}|A,B",
        "{\"TableName\":\"A\",\"Table\\u004eame\":\"B\"}|A,B",
        "{\"TableName\":\"A\",\"Key\":{\"a\":{\"S\":\"x\",\"S\":\"y\"}}}|A",
        "{\"tableName\":\"A\"}|``",
        "{\"TableName\":\"A\",\"TABLENAME\":\"B\"}|A",
      })
  void what_two_parsers_may_read_in_two_ways_is_told_apart(String body, String tables) {
    RequestReading reading = read(operation(AwsService.DYNAMODB, "GetItem"), body);
    assertThat(reading)
        .isInstanceOfSatisfying(
            RequestReading.Ambiguous.class,
            twice -> assertThat(names(twice.seen())).isEqualTo(tables));
  }

  /** A rule is written against the summary, and has none to begin with. */
  @Test
  void of_what_can_be_read_in_two_ways_nobody_makes_a_summary() {
    Operation operation = operation(AwsService.DYNAMODB, "GetItem");
    assertThatThrownBy(() -> new RequestSummary(operation, Set.of(), TableKnowledge.AMBIGUOUS))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void no_reason_quotes_the_body() {
    String body = "{\"TableName\":\"A\",\"Key\":{\"secret-value\":tru secret-value";
    assertThat(read(operation(AwsService.DYNAMODB, "GetItem"), body))
        .isInstanceOfSatisfying(
            RequestReading.Unreadable.class,
            refused -> assertThat(refused.reason()).contains("at byte").doesNotContain("secret"));
  }

  @Test
  void any_bytes_are_read_or_refused() {
    Random random = new Random(11);
    byte[] seed =
        ("{\"TransactItems\":[{\"Put\":{\"TableName\":\"A\",\"Item\":{\"é\":{\"N\":\"1e3\"}}}}],"
                + "\"Statement\":\"SELECT * FROM \\\"A\\\"\",\"RequestItems\":{\"A\":[]}}")
            .getBytes(StandardCharsets.UTF_8);
    Operation[] operations = Operations.all().toArray(Operation[]::new);
    for (int i = 0; i < 60_000; i++) {
      byte[] body = seed.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      RequestReading reading =
          RequestSummary.of(operations[random.nextInt(operations.length)], body, HOME);
      assertThat(reading).isNotNull();
    }
  }

  private static void assertUnreadable(byte[] body) {
    assertThat(RequestSummary.of(operation(AwsService.DYNAMODB, "GetItem"), body, HOME))
        .isInstanceOf(RequestReading.Unreadable.class);
  }

  private static Operation operation(AwsService service, String name) {
    return Operations.find(service, name).orElseThrow();
  }

  private static RequestSummary summary(String operation, String body) {
    return (RequestSummary) read(operation(AwsService.DYNAMODB, operation), body);
  }

  private static RequestReading read(Operation operation, String body) {
    return RequestSummary.of(operation, body.getBytes(StandardCharsets.UTF_8), HOME);
  }

  private static String names(RequestReading reading) {
    return names(((RequestSummary) reading).tables());
  }

  private static String names(Set<TableRef> tables) {
    return tables.stream().map(TableRef::display).collect(Collectors.joining(","));
  }
}
