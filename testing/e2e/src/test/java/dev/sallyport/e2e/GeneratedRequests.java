package dev.sallyport.e2e;

import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.dynamodb.Operations;
import dev.sallyport.e2e.RawRequest.Form;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Requests to DynamoDB such as programs write, good and bad, from a seed: every operation, over few
 * tables and keys so that they meet; values of each type; JSON with blanks, escapes and names in
 * any order; and mistakes, from a missing field to an expression that is none.
 */
final class GeneratedRequests {
  private static final String VERSION = "DynamoDB_20120810.";
  private static final String TABLE = "\"TableName\":\"@t\"";
  private static final String KEY = "\"Key\":{\"p\":{\"S\":\"@k\"}}";

  // @t is a table, @k a key, @v a value, @n a small number, @x an expression.
  private static final List<String> TEMPLATES =
      List.of(
          "CreateTable {"
              + TABLE
              + ",\"BillingMode\":\"PAY_PER_REQUEST\","
              + "\"AttributeDefinitions\":[{\"AttributeName\":\"p\",\"AttributeType\":\"S\"}],"
              + "\"KeySchema\":[{\"AttributeName\":\"p\",\"KeyType\":\"HASH\"}]}",
          "PutItem {" + TABLE + ",\"Item\":{\"p\":{\"S\":\"@k\"},\"a\":@v,\"b\":@v}}",
          "PutItem {"
              + TABLE
              + ",\"Item\":{\"p\":{\"S\":\"@k\"},\"a\":@v},"
              + "\"ConditionExpression\":\"@x\",\"ReturnValues\":\"ALL_OLD\"}",
          "GetItem {" + TABLE + "," + KEY + ",\"ConsistentRead\":true}",
          "GetItem {" + TABLE + "," + KEY + ",\"ReturnConsumedCapacity\":\"TOTAL\"}",
          "UpdateItem {"
              + TABLE
              + ","
              + KEY
              + ",\"UpdateExpression\":\"SET a = :a\","
              + "\"ExpressionAttributeValues\":{\":a\":@v},\"ReturnValues\":\"ALL_NEW\"}",
          "UpdateItem {"
              + TABLE
              + ","
              + KEY
              + ",\"UpdateExpression\":\"ADD n :n REMOVE b\","
              + "\"ExpressionAttributeValues\":{\":n\":{\"N\":\"@n\"}}}",
          "DeleteItem {" + TABLE + "," + KEY + ",\"ReturnValues\":\"ALL_OLD\"}",
          "Query {"
              + TABLE
              + ",\"KeyConditionExpression\":\"p = :p\","
              + "\"ExpressionAttributeValues\":{\":p\":{\"S\":\"@k\"}},\"Limit\":@n}",
          "Scan {" + TABLE + ",\"Limit\":@n,\"FilterExpression\":\"@x\"}",
          "Scan {" + TABLE + ",\"Select\":\"COUNT\"}",
          "BatchGetItem {\"RequestItems\":{\"@t\":{\"Keys\":[{\"p\":{\"S\":\"@k\"}}]}}}",
          "BatchWriteItem {\"RequestItems\":{\"@t\":[{\"PutRequest\":{\"Item\":"
              + "{\"p\":{\"S\":\"@k\"},\"a\":@v}}}]}}",
          "TransactWriteItems {\"TransactItems\":[{\"Delete\":{" + TABLE + "," + KEY + "}}]}",
          "TransactGetItems {\"TransactItems\":[{\"Get\":{" + TABLE + "," + KEY + "}}]}",
          "ExecuteStatement {\"Statement\":\"SELECT a FROM \\\"@t\\\" WHERE p = '@k'\"}",
          "ExecuteStatement {\"Statement\":\"SELEC a FROM @t\"}",
          "DescribeTable {" + TABLE + "}",
          "DeleteTable {\"TableName\":\"Gamma-9\"}",
          "ListTables {\"Limit\":@n}",
          "DescribeTimeToLive {" + TABLE + "}",
          "DescribeLimits {}");
  private static final List<String> VALUES =
      List.of(
          "{\"S\":\"\"}",
          "{\"S\":\"a\\u00e9\\/\\ud83d\\ude00 ß漢\"}",
          "{\"N\":\"-1.50e+1\"}",
          "{\"N\":\"1e126\"}",
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
          "17");
  private static final List<String> EXPRESSIONS =
      List.of(
          "attribute_exists(a)",
          "attribute_not_exists(p)",
          "size(a) > :no",
          "contains(a",
          "",
          "NOT attribute_exists(zz) AND attribute_exists(p)");
  private static final List<String> BLANKS = List.of(" ", "\t", "\r\n", "   ");
  private static final List<Form> FORMS = List.of(Form.values());

  // These come first, so that there is something to meet.
  private static final List<String> BEGINNING = List.of("Alpha", "Beta");

  /** So often comes an operation by turns, so that a short run has them all. */
  private static final int EVERY_OPERATION = 7;

  private final Random random;
  private int made;
  private final List<String> targets =
      Operations.all().stream()
          .filter(operation -> operation.service() != AwsService.DAX)
          .map(operation -> operation.target())
          .sorted()
          .toList();

  GeneratedRequests(long seed) {
    random = new Random(seed);
  }

  /** The next one. */
  RawRequest next(String id) {
    String target;
    String body;
    if (made < BEGINNING.size()) {
      String[] parts = TEMPLATES.getFirst().split(" ", 2);
      target = VERSION + parts[0];
      body = parts[1].replace("@t", BEGINNING.get(made++));
    } else if (made++ % EVERY_OPERATION == 0) {
      target = targets.get(made / EVERY_OPERATION % targets.size());
      body = random.nextBoolean() ? "{}" : "{\"Nothing\" : [ ] }";
    } else {
      String[] parts = pick(TEMPLATES).split(" ", 2);
      target = VERSION + parts[0];
      body = loosened(broken(doubled(filled(parts[1]))));
    }
    return RawRequest.of(id, target, body.getBytes(StandardCharsets.UTF_8), pick(FORMS));
  }

  /** A field that stands twice: DynamoDB has a way to read it, and it is not ours to tell. */
  private String doubled(String body) {
    return random.nextInt(20) == 0 && body.startsWith("{\"")
        ? "{\"TableName\":\"Beta\"," + body.substring(1)
        : body;
  }

  private String filled(String template) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char each = template.charAt(i);
      if (each == '@') {
        i++;
        text.append(
            switch (template.charAt(i)) {
              case 't' -> pick(List.of("Alpha", "Alpha", "Beta", "Beta", "Gamma-9", "no/table"));
              case 'k' -> pick(List.of("k1", "k1", "k2", "k3", "ключ", ""));
              case 'v' -> pick(VALUES);
              case 'n' -> pick(List.of("1", "2", "7", "25", "0"));
              case 'x' -> pick(EXPRESSIONS);
              default -> throw new IllegalStateException(template);
            });
      } else {
        text.append(each);
      }
    }
    return text.toString();
  }

  /** One in five has a name that no operation knows, or lacks one, or has another type there. */
  private String broken(String body) {
    return switch (random.nextInt(15)) {
      case 0 -> body.replaceFirst("\"TableName\"", "\"NameOfTable\"");
      case 1 -> body.replaceFirst("\"p\":", "\"q\":");
      case 2 -> body.replaceFirst("\\{\"S\":", "{\"N\":");
      default -> body;
    };
  }

  /** Blanks where JSON allows them, and a letter here and there as an escape. */
  private String loosened(String body) {
    StringBuilder text = new StringBuilder();
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
