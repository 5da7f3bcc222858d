package dev.sallyport.testkit.aws;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Three tables of a small record shop: `Music`, `Customers`, and `Orders` with a sort key, an
/// index and a stream. The same items each time.
public final class SampleTables {

  /// What the shop sells: `Artist` and `SongTitle` are the key.
  public static final String MUSIC = "Music";

  /// Who buys: `CustomerId` is the key.
  public static final String CUSTOMERS = "Customers";

  /// What they bought: `CustomerId` and `OrderId` are the key.
  public static final String ORDERS = "Orders";

  /// Index of the orders: `Status` and `PlacedAt`.
  public static final String ORDERS_BY_STATUS = "ByStatus";

  /// How many items the tables have together.
  public static final int ITEMS = 16 + 8 + 24;

  private static final int BATCH_MAX = 25;

  private static final String SONGS =
      """
      The Quiet Harbor|Lanterns on the Water|Low Tide|2019|Folk|214
      The Quiet Harbor|Salt in the Hinges|Low Tide|2019|Folk|187
      The Quiet Harbor|Second Bell|Low Tide|2019|Folk|243
      Mara Lindqvist|Nordlys|Winter Letters|2021|Classical|402
      Mara Lindqvist|Before the Thaw|Winter Letters|2021|Classical|366
      Copper & Thread|Machine Sunday|Looms|2017|Rock|231
      Copper & Thread|Overtime|Looms|2017|Rock|198
      Copper & Thread|Night Shift Waltz|Looms|2017|Rock|275
      Dele Okafor Quintet|Lagos 4 A.M.|Bridges|2022|Jazz|512
      Dele Okafor Quintet|Blue Danfo|Bridges|2022|Jazz|447
      Ana Paula Reis|Varanda|Casa Aberta|2020|Bossa Nova|203
      Ana Paula Reis|Chuva Fina|Casa Aberta|2020|Bossa Nova|226
      Static Orchard|Frequency|Signal Trees|2023|Electronic|318
      Static Orchard|Root Access|Signal Trees|2023|Electronic|297
      Yuki & the Paper Boats|Origami|Folded|2018|Pop|192
      Yuki & the Paper Boats|Harbour Lights|Folded|2018|Pop|209
      """;

  private static final String PEOPLE =
      """
      C-1001|Ines Carvalho|ines@example.com|Lisbon|PT|gold
      C-1002|Tom Becker|tom@example.com|Hamburg|DE|silver
      C-1003|Aisha Rahman|aisha@example.com|Leeds|GB|gold
      C-1004|Noah Williams|noah@example.com|Portland|US|bronze
      C-1005|Giulia Conti|giulia@example.com|Bologna|IT|silver
      C-1006|Kenji Mori|kenji@example.com|Sendai|JP|bronze
      C-1007|Lea Fontaine|lea@example.com|Lyon|FR|gold
      C-1008|Piotr Zielinski|piotr@example.com|Gdansk|PL|bronze
      """;

  private static final List<String> STATES = List.of("delivered", "shipped", "packed", "placed");
  private static final Instant FIRST_ORDER = Instant.parse("2026-09-01T08:15:00Z");
  private static final int ORDERS_COUNT = 24;

  private SampleTables() {}

  /// Makes and fills the tables. They must not be there yet.
  ///
  /// @param client reaches a database in memory, where tables are ready at once
  public static void create(DynamoDbClient client) {
    createMusic(client);
    createCustomers(client);
    createOrders(client);
    List<Map<String, AttributeValue>> songs = SONGS.lines().map(SampleTables::song).toList();
    List<Map<String, AttributeValue>> people = PEOPLE.lines().map(SampleTables::customer).toList();
    fill(client, MUSIC, songs);
    fill(client, CUSTOMERS, people);
    fill(client, ORDERS, orders(songs, people));
  }

  private static void createMusic(DynamoDbClient client) {
    client.createTable(table ->
        table
            .tableName(MUSIC)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(key("Artist", KeyType.HASH), key("SongTitle", KeyType.RANGE))
            .attributeDefinitions(text("Artist"), text("SongTitle")));
  }

  private static void createCustomers(DynamoDbClient client) {
    client.createTable(table ->
        table
            .tableName(CUSTOMERS)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(key("CustomerId", KeyType.HASH))
            .attributeDefinitions(text("CustomerId")));
  }

  private static void createOrders(DynamoDbClient client) {
    client.createTable(table ->
        table
            .tableName(ORDERS)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(key("CustomerId", KeyType.HASH), key("OrderId", KeyType.RANGE))
            .attributeDefinitions(
                text("CustomerId"), text("OrderId"), text("Status"), text("PlacedAt"))
            .globalSecondaryIndexes(
                GlobalSecondaryIndex.builder()
                    .indexName(ORDERS_BY_STATUS)
                    .keySchema(key("Status", KeyType.HASH), key("PlacedAt", KeyType.RANGE))
                    .projection(p -> p.projectionType(ProjectionType.ALL))
                    .build())
            .streamSpecification(stream ->
                stream.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
  }

  private static Map<String, AttributeValue> song(String line) {
    String[] parts = line.split("\\|");
    return Map.of(
        "Artist", AttributeValue.fromS(parts[0]),
        "SongTitle", AttributeValue.fromS(parts[1]),
        "Album", AttributeValue.fromS(parts[2]),
        "Year", AttributeValue.fromN(parts[3]),
        "Genre", AttributeValue.fromS(parts[4]),
        "Seconds", AttributeValue.fromN(parts[5]));
  }

  private static Map<String, AttributeValue> customer(String line) {
    String[] parts = line.split("\\|");
    return Map.of(
        "CustomerId", AttributeValue.fromS(parts[0]),
        "Name", AttributeValue.fromS(parts[1]),
        "Email", AttributeValue.fromS(parts[2]),
        "Address",
            AttributeValue.fromM(
                Map.of(
                    "City", AttributeValue.fromS(parts[3]),
                    "Country", AttributeValue.fromS(parts[4]))),
        "Tier", AttributeValue.fromS(parts[5]));
  }

  private static List<Map<String, AttributeValue>> orders(
      List<Map<String, AttributeValue>> songs, List<Map<String, AttributeValue>> people) {
    List<Map<String, AttributeValue>> orders = new ArrayList<>();
    for (int i = 0; i < ORDERS_COUNT; i++) {
      Map<String, AttributeValue> first = songs.get(i * 7 % songs.size());
      Map<String, AttributeValue> second = songs.get((i * 3 + 5) % songs.size());
      Map<String, AttributeValue> order = new HashMap<>();
      order.put("CustomerId", people.get(i * 5 % people.size()).get("CustomerId"));
      order.put("OrderId", AttributeValue.fromS("O-%04d".formatted(2001 + i)));
      order.put("Status", AttributeValue.fromS(STATES.get(i * 4 / ORDERS_COUNT)));
      Instant placed = FIRST_ORDER.plus(i * 67L, ChronoUnit.HOURS);
      order.put("PlacedAt", AttributeValue.fromS(placed.toString()));
      order.put("Total", AttributeValue.fromN("%d.90".formatted(9 + i * 11 % 40)));
      order.put("Items", AttributeValue.fromL(List.of(line(first, 1), line(second, 1 + i % 3))));
      orders.add(order);
    }
    return orders;
  }

  private static AttributeValue line(Map<String, AttributeValue> song, int quantity) {
    return AttributeValue.fromM(
        Map.of(
            "Artist", song.get("Artist"),
            "Album", song.get("Album"),
            "Quantity", AttributeValue.fromN(Integer.toString(quantity))));
  }

  private static void fill(
      DynamoDbClient client, String table, List<Map<String, AttributeValue>> items) {
    for (int from = 0; from < items.size(); from += BATCH_MAX) {
      List<WriteRequest> batch =
          items.subList(from, Math.min(items.size(), from + BATCH_MAX)).stream()
              .map(item -> WriteRequest.builder().putRequest(put -> put.item(item)).build())
              .toList();
      client.batchWriteItem(request -> request.requestItems(Map.of(table, batch)));
    }
  }

  private static KeySchemaElement key(String attribute, KeyType type) {
    return KeySchemaElement.builder().attributeName(attribute).keyType(type).build();
  }

  private static AttributeDefinition text(String attribute) {
    return AttributeDefinition.builder()
        .attributeName(attribute)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
