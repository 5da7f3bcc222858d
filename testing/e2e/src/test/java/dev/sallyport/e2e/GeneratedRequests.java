package dev.sallyport.e2e;

import dev.sallyport.dynamodb.Operation;
import dev.sallyport.dynamodb.Operations;
import dev.sallyport.e2e.RawRequest.Form;
import dev.sallyport.testkit.aws.SteadyAnswers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Requests such as programs write, good and bad, from a seed. Every operation by turns with the
 * fields that it has, and the usual ones over few tables and keys, so that they meet; values of
 * each type; JSON with blanks, escapes and names in any order; mistakes, from a missing field to an
 * expression that is none; and HTTP in each form that it may have.
 */
final class GeneratedRequests {
  // These come first, so that there is something to meet.
  private static final List<String> BEGINNING = List.of("Alpha", "Beta");

  private static final String TABLE = "TableName \"@t\"";
  private static final String KEY = "Key {\"p\":{\"S\":\"@k\"}}";

  /** What a line of {@link #USUAL} and a body of the model hold in place of what is drawn. */
  private static final Map<Character, List<String>> DRAWN =
      Map.of(
          't', List.of("Alpha", "Alpha", "Alpha", "Beta", "Beta", "Beta", "Gamma-9", "no/table"),
          'k', List.of("k1", "k1", "k2", "k3", "ключ", ""),
          'n', List.of("1", "2", "7", "25", "0"),
          's', streams(),
          'h', numbered(SteadyAnswers::shard, 4),
          'i', numbered(SteadyAnswers::iterator, 40),
          'v', values(),
          'x',
              List.of(
                  "attribute_exists(a)",
                  "attribute_not_exists(p)",
                  "size(a) > :no",
                  "contains(a",
                  "",
                  "NOT attribute_exists(zz) AND attribute_exists(p)"));

  /** Requests that mean something: operation, then fields, each with its JSON. */
  private static final List<String> USUAL =
      """
      CreateTable;@T;BillingMode "PAY_PER_REQUEST";\
      AttributeDefinitions [{"AttributeName":"p","AttributeType":"S"}];\
      KeySchema [{"AttributeName":"p","KeyType":"HASH"}];\
      StreamSpecification {"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}
      PutItem;@T;Item {"p":{"S":"@k"},"a":@v,"b":@v}
      PutItem;@T;Item {"p":{"S":"@k"},"a":@v};ConditionExpression "@x";ReturnValues "ALL_OLD"
      GetItem;@T;@K;ConsistentRead true
      GetItem;@T;@K;ReturnConsumedCapacity "TOTAL"
      UpdateItem;@T;@K;UpdateExpression "SET a = :a";ExpressionAttributeValues {":a":@v};\
      ReturnValues "ALL_NEW"
      UpdateItem;@T;@K;UpdateExpression "ADD n :n REMOVE b";\
      ExpressionAttributeValues {":n":{"N":"@n"}}
      DeleteItem;@T;@K;ReturnValues "ALL_OLD"
      Query;@T;KeyConditionExpression "p = :p";ExpressionAttributeValues {":p":{"S":"@k"}};Limit @n
      Scan;@T;Limit @n;FilterExpression "@x"
      Scan;@T;Select "COUNT"
      BatchGetItem;RequestItems {"@t":{"Keys":[{"p":{"S":"@k"}}]}}
      BatchWriteItem;RequestItems {"@t":[{"PutRequest":{"Item":{"p":{"S":"@k"},"a":@v}}}]}
      TransactWriteItems;TransactItems [{"Delete":{"TableName":"@t","Key":{"p":{"S":"@k"}}}}]
      TransactGetItems;TransactItems [{"Get":{"TableName":"@t","Key":{"p":{"S":"@k"}}}}]
      ExecuteStatement;Statement "SELECT a FROM \\"@t\\" WHERE p = '@k'"
      ExecuteStatement;Statement "SELEC a FROM @t"
      BatchExecuteStatement;Statements [{"Statement":"SELECT a FROM \\"@t\\" WHERE p = '@k'"}]
      ExecuteTransaction;TransactStatements [{"Statement":"DELETE FROM \\"@t\\" WHERE p = '@k'"}]
      DescribeTable;@T
      DeleteTable;TableName "Gamma-9"
      ListTables;Limit @n
      UpdateTable;@T;BillingMode "PROVISIONED";\
      ProvisionedThroughput {"ReadCapacityUnits":@n,"WriteCapacityUnits":3}
      UpdateTimeToLive;@T;TimeToLiveSpecification {"Enabled":true,"AttributeName":"ends"}
      DescribeTimeToLive;@T
      TagResource;ResourceArn "arn:aws:dynamodb:ddblocal:000000000000:table/@t";\
      Tags [{"Key":"a","Value":"@k"}]
      ListTagsOfResource;ResourceArn "arn:aws:dynamodb:ddblocal:000000000000:table/@t"
      DescribeLimits
      ListStreams
      DescribeStream;StreamArn "@s"
      GetShardIterator;StreamArn "@s";ShardId "@h";ShardIteratorType "TRIM_HORIZON"
      GetRecords;ShardIterator "@i";Limit @n
      """
          .replace("@T", TABLE)
          .replace("@K", KEY)
          .lines()
          .toList();

  private static final List<String> OTHER_JSON =
      List.of(
          "17",
          "null",
          "[]",
          "{}",
          "true",
          "\"\"",
          "1e400",
          "-0.000",
          "9".repeat(60),
          "[[[{\"a\":[]}]]]",
          "\"\\ud800\"",
          "\"\\u0000\"");
  private static final List<String> BLANKS = List.of(" ", "\t", "\r\n", "   ");
  private static final List<Form> FORMS = List.of(Form.values());

  private final Random random;
  private final ModelBodies model;
  private final OddManners manners;
  private final List<Operation> operations = List.copyOf(Operations.all());
  private final Map<String, Operation> byName =
      operations.stream()
          .collect(Collectors.toMap(Operation::name, each -> each, (first, dax) -> first));
  private int made;

  GeneratedRequests(long seed) {
    random = new Random(seed);
    model = new ModelBodies(random);
    manners = new OddManners(random);
  }

  private static List<String> streams() {
    return IntStream.rangeClosed(1, 4)
        .mapToObj(number ->
            "arn:aws:dynamodb:ddblocal:000000000000:table/"
                + BEGINNING.get((number + 1) % 2)
                + "/stream/"
                + SteadyAnswers.label(number))
        .toList();
  }

  private static List<String> numbered(IntFunction<String> name, int most) {
    return IntStream.rangeClosed(1, most).mapToObj(name).toList();
  }

  private static List<String> values() {
    List<String> values =
        new ArrayList<>(
            List.of(
                "{\"S\":\"\"}",
                "{\"S\":\"a\\u00e9\\/\\ud83d\\ude00 ß漢\"}",
                "{\"S\":\"alone \\udc00\\ud800\"}",
                "{\"N\":\"-1.50e+1\"}",
                "{\"N\":\"1e126\"}",
                "{\"N\":\"" + "7".repeat(39) + "\"}",
                "{\"N\":\"one\"}",
                "{\"B\":\"AAEC\"}",
                "{\"B\":\"%%\"}",
                "{\"BOOL\":false}",
                "{\"NULL\":true}",
                "{\"SS\":[\"x\",\"y\"]}",
                "{\"NS\":[\"1\",\"1\"]}",
                "{\"L\":[{\"S\":\"in\"},{\"L\":[]}]}",
                "{\"M\":{\"k\":{\"M\":{}}}}",
                "{\"Q\":1}",
                "17"));
    // DynamoDB's own limit is 32 levels; the reader's is 96 of JSON.
    for (int depth : List.of(31, 32, 33, 44)) {
      values.add("{\"L\":[".repeat(depth) + "{\"S\":\"\"}" + "]}".repeat(depth));
    }
    return values;
  }

  /** The next one. */
  RawRequest next(String id) {
    int number = made++;
    if (number < BEGINNING.size()) {
      List<Member> table = usual(USUAL.getFirst());
      return request(id, "CreateTable", written(table, BEGINNING.get(number)));
    }
    if (number % 2 == 0) {
      String[] line = pick(USUAL).split(";", 2);
      return request(id, line[0], loosened(written(broken(usual(String.join(";", line))), "")));
    }
    Operation operation = operations.get(number / 2 % operations.size());
    // The other tables stay, so that there is something to meet.
    String table = operation.name().equals("DeleteTable") ? "Gamma-9" : "";
    List<Member> members = new ArrayList<>();
    model.of(operation).forEach((name, json) -> members.add(new Member(name, json)));
    return RawRequest.of(id, operation.target(), new byte[0], pick(FORMS))
        .with(manners.next(), bytes(loosened(written(broken(members), table))));
  }

  private RawRequest request(String id, String operation, String body) {
    String target = Objects.requireNonNull(byName.get(operation)).target();
    return RawRequest.of(id, target, bytes(body), pick(FORMS)).with(manners.next(), bytes(body));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A field of a body, as often as it is said. */
  private record Member(String name, String json) {}

  private static List<Member> usual(String line) {
    List<Member> members = new ArrayList<>();
    for (String field : List.of(line.split(";")).subList(1, line.split(";").length)) {
      String[] parts = field.split(" ", 2);
      members.add(new Member(parts[0], parts[1]));
    }
    return members;
  }

  /** Two in three as they are, though in another order; the others with one mistake. */
  private List<Member> broken(List<Member> members) {
    Collections.shuffle(members, random);
    if (members.isEmpty()) {
      return members;
    }
    int at = random.nextInt(members.size());
    Member one = members.get(at);
    switch (random.nextInt(24)) {
      case 0 -> members.remove(at);
      case 1, 2 -> members.set(at, new Member(one.name(), pick(OTHER_JSON)));
      case 3 -> members.set(at, new Member("Name" + one.name(), one.json()));
      case 4 -> members.set(at, new Member(one.name().toLowerCase(Locale.ROOT), "1"));
      // A field that stands twice: DynamoDB has a way to read it, and it is not ours to tell.
      case 5 -> members.addFirst(new Member(one.name(), "\"Beta\""));
      case 6 -> members.add(new Member("Unheard" + "x".repeat(random.nextInt(300)), "[1,{}]"));
      case 7 -> members.set(at, new Member(one.name(), one.json().replaceFirst("\"p\"", "\"q\"")));
      default -> {}
    }
    return members;
  }

  private String written(List<Member> members, String table) {
    String template =
        members.stream()
            .map(member -> "\"" + member.name() + "\":" + member.json())
            .collect(Collectors.joining(",", "{", "}"));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char each = template.charAt(i);
      if (each != '@') {
        text.append(each);
        continue;
      }
      char what = template.charAt(++i);
      text.append(
          what == 't' && !table.isEmpty() ? table : pick(DRAWN.getOrDefault(what, List.of())));
    }
    return text.toString();
  }

  /** Blanks where JSON allows them, and a letter here and there as an escape. */
  private String loosened(String body) {
    StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "\r\n\t " : "");
    boolean inString = false;
    for (int i = 0; i < body.length(); i++) {
      char each = body.charAt(i);
      if (inString && each == '\\') {
        int length = body.charAt(i + 1) == 'u' ? 6 : 2;
        text.append(body, i, i + length);
        i += length - 1;
        continue;
      }
      inString ^= each == '"';
      boolean escape = inString && Character.isLetter(each) && random.nextInt(40) == 0;
      text.append(escape ? "\\u%04x".formatted((int) each) : String.valueOf(each));
      if (!inString && "{}[],:".indexOf(each) >= 0 && random.nextInt(8) == 0) {
        text.append(pick(BLANKS));
      }
    }
    return text.toString();
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
