package dev.sallyport.testkit.demo;

import dev.sallyport.testkit.aws.SampleTables;
import dev.sallyport.testkit.client.InstalledClients;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.site.Laptop;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Sends requests through the tunnel with the AWS SDK, and with the AWS CLI where it is installed;
 * prints what comes back.
 */
final class DemoCheck {
  private static final String ARTIST = "Mara Lindqvist";
  private static final Map<String, AttributeValue> NEW_SONG =
      Map.of(
          "Artist", AttributeValue.fromS(ARTIST),
          "SongTitle", AttributeValue.fromS("First Light"),
          "Year", AttributeValue.fromN("2026"));

  private final PrintStream out;
  private final URI endpoint;
  private int failures;

  DemoCheck(PrintStream out, URI endpoint) {
    this.out = out;
    this.endpoint = endpoint;
  }

  /** Whether everything came back as it should. */
  boolean run(Laptop laptop) throws IOException {
    try (DynamoDbClient client = SdkClients.dynamoDb(endpoint)) {
      step("ListTables", () -> client.listTables().tableNames().toString(), "Music");
      step(
          "GetItem",
          () ->
              client.getItem(get -> get.tableName(SampleTables.MUSIC).key(key())).item().toString(),
          "Nordlys");
      step("Query", () -> query(client), "Nordlys");
      step(
          "PutItem",
          () -> {
            client.putItem(put -> put.tableName(SampleTables.MUSIC).item(NEW_SONG));
            return query(client);
          },
          "First Light");
      step("PutItem, only if it is not there", () -> refused(client), "ConditionalCheckFailed");
    }
    if (!InstalledClients.awsClis().isEmpty()) {
      step("aws dynamodb list-tables", () -> awsCli(laptop), "\"Music\"");
    } else {
      out.println("  skipped: the AWS CLI is not installed");
    }
    return failures == 0;
  }

  private static Map<String, AttributeValue> key() {
    return Map.of(
        "Artist", AttributeValue.fromS(ARTIST), "SongTitle", AttributeValue.fromS("Nordlys"));
  }

  private static String query(DynamoDbClient client) {
    return client
        .query(query ->
            query
                .tableName(SampleTables.MUSIC)
                .keyConditionExpression("Artist = :artist")
                .expressionAttributeValues(Map.of(":artist", AttributeValue.fromS(ARTIST))))
        .items()
        .stream()
        .map(item -> Objects.requireNonNull(item.get("SongTitle")).s())
        .toList()
        .toString();
  }

  private static String refused(DynamoDbClient client) {
    try {
      client.putItem(put ->
          put.tableName(SampleTables.MUSIC)
              .item(NEW_SONG)
              .conditionExpression("attribute_not_exists(Artist)"));
      return "it was written, although it was there";
    } catch (ConditionalCheckFailedException e) {
      return "refused by DynamoDB, as it should be: " + e.awsErrorDetails().errorCode();
    }
  }

  private String awsCli(Laptop laptop) {
    try {
      CommandResult result =
          laptop.run(
              InstalledClients.ENVIRONMENT,
              List.of(
                  "aws",
                  "dynamodb",
                  "list-tables",
                  "--output",
                  "json",
                  "--endpoint-url=" + endpoint));
      return (result.output() + result.errors()).replaceAll("\\s+", " ");
    } catch (IOException e) {
      return "cannot be run: " + e.getMessage();
    }
  }

  private void step(String name, Supplier<String> request, String expected) {
    String answer;
    try {
      answer = request.get();
    } catch (SdkException e) {
      answer = String.valueOf(e.getMessage());
    }
    boolean good = answer.contains(expected);
    failures += good ? 0 : 1;
    out.printf("  %s %s%n      %s%n", good ? "ok    " : "FAILED", name, answer);
  }
}
