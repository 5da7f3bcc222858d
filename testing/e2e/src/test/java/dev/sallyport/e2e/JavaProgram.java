package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.testkit.aws.SampleTables;
import dev.sallyport.testkit.client.SdkClients;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbWaiter;

/** What a program does with the AWS SDK for Java, version 2. It knows of no tunnel. */
final class JavaProgram {
  private static final String MUSIC = SampleTables.MUSIC;
  private static final Map<String, AttributeValue> SONG = song("Java", "Wait");
  private static final int ALMOST_THE_LIMIT = 399_000;

  private JavaProgram() {}

  /** Runs the scenario of this name. */
  static void run(String what, URI endpoint) {
    try (DynamoDbClient client = SdkClients.dynamoDb(endpoint)) {
      switch (what) {
        case "everything" -> {
          items(client);
          large(client);
          pages(client);
          batches(client);
          transactions(client);
          partiQl(client);
          streams(endpoint);
        }
        case "changes" -> {
          changes(client);
          tables(client);
        }
        case "patient" -> assertThat(client.listTables().tableNames()).hasSize(3);
        case "denied" -> {
          DynamoDbException told =
              catchThrowableOfType(DynamoDbException.class, client::listTables);
          assertThat(told.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
          assertThat(told.statusCode()).isEqualTo(400);
        }
        default -> throw new IllegalArgumentException(what);
      }
    }
  }

  /** The code of the error that a plain request gets, or one with a large body or a long head. */
  static String told(String what, URI endpoint, String key) {
    try (DynamoDbClient client =
        SdkClients.dynamoDb(endpoint, AwsBasicCredentials.create(key, "tunnel"))) {
      return catchThrowableOfType(
              DynamoDbException.class,
              () -> {
                switch (what) {
                  case "plain" -> client.listTables();
                  case "large" -> put(client, 3 << 20);
                  case "huge" -> put(client, 18 << 20);
                  case "long" ->
                      client.listTables(list ->
                          list.overrideConfiguration(
                              o -> o.putHeader("X-Long", "l".repeat(17_000))));
                  default -> throw new IllegalArgumentException(what);
                }
              })
          .awsErrorDetails()
          .errorCode();
    }
  }

  private static void put(DynamoDbClient client, int length) {
    AttributeValue text = AttributeValue.fromS("x".repeat(length));
    client.putItem(put -> put.tableName(MUSIC).item(Map.of("Text", text)));
  }

  private static Map<String, AttributeValue> song(String artist, String title) {
    return Map.of("Artist", AttributeValue.fromS(artist), "SongTitle", AttributeValue.fromS(title));
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name), name).s();
  }

  private static void items(DynamoDbClient client) {
    client.putItem(put -> put.tableName(MUSIC).item(SONG));
    var changed =
        client.updateItem(update ->
            update
                .tableName(MUSIC)
                .key(SONG)
                .updateExpression("ADD Seconds :half")
                .expressionAttributeValues(Map.of(":half", AttributeValue.fromN("0.5")))
                .returnValues("UPDATED_NEW"));
    assertThat(changed.attributes()).containsEntry("Seconds", AttributeValue.fromN("0.5"));
    assertThat(client.getItem(get -> get.tableName(MUSIC).key(SONG).consistentRead(true)).item())
        .containsAllEntriesOf(SONG)
        .hasSize(3);
    var told =
        catchThrowableOfType(
            ConditionalCheckFailedException.class,
            () ->
                client.putItem(put ->
                    put.tableName(MUSIC)
                        .item(SONG)
                        .conditionExpression("attribute_not_exists(Artist)")));
    assertThat(told.awsErrorDetails().errorMessage()).isEqualTo("The conditional request failed");
    assertThat(told.numAttempts()).isEqualTo(1);
    client.deleteItem(delete -> delete.tableName(MUSIC).key(SONG));
    assertThat(client.getItem(get -> get.tableName(MUSIC).key(SONG)).hasItem()).isFalse();
  }

  private static void large(DynamoDbClient client) {
    AttributeValue text = AttributeValue.fromS("x".repeat(ALMOST_THE_LIMIT));
    Map<String, AttributeValue> item = new HashMap<>(SONG);
    item.put("Text", text);
    client.putItem(put -> put.tableName(MUSIC).item(item));
    assertThat(client.getItem(get -> get.tableName(MUSIC).key(SONG)).item()).isEqualTo(item);
    item.put("More", text);
    var told =
        catchThrowableOfType(
            DynamoDbException.class, () -> client.putItem(put -> put.tableName(MUSIC).item(item)));
    assertThat(told.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
    client.deleteItem(delete -> delete.tableName(MUSIC).key(SONG));
  }

  private static void pages(DynamoDbClient client) {
    assertThat(client.listTablesPaginator(list -> list.limit(1)).tableNames())
        .containsExactly("Customers", "Music", "Orders");
    var songs =
        client.queryPaginator(query ->
            query
                .tableName(MUSIC)
                .limit(1)
                .keyConditionExpression("Artist = :artist")
                .expressionAttributeValues(
                    Map.of(":artist", AttributeValue.fromS("Copper & Thread"))));
    assertThat(songs.items().stream().map(song -> text(song, "SongTitle")))
        .containsExactly("Machine Sunday", "Night Shift Waltz", "Overtime");
    assertThat(songs.stream().count()).isGreaterThanOrEqualTo(3);
    var orders = client.scanPaginator(scan -> scan.tableName(SampleTables.ORDERS).limit(5));
    assertThat(orders.items()).hasSize(24);
    assertThat(orders.stream().count()).isGreaterThanOrEqualTo(5);
  }

  private static void batches(DynamoDbClient client) {
    var keys = Stream.of("one", "two", "three").map(name -> song("Batch of Java", name)).toList();
    write(
        client,
        keys.stream().map(key -> WriteRequest.builder().putRequest(put -> put.item(key)).build()));
    var got =
        client.batchGetItem(batch ->
            batch.requestItems(Map.of(MUSIC, KeysAndAttributes.builder().keys(keys).build())));
    assertThat(got.responses().get(MUSIC)).containsExactlyInAnyOrderElementsOf(keys);
    write(
        client,
        keys.stream().map(key -> WriteRequest.builder().deleteRequest(d -> d.key(key)).build()));
  }

  private static void write(DynamoDbClient client, Stream<WriteRequest> requests) {
    List<WriteRequest> all = requests.toList();
    assertThat(client.batchWriteItem(batch -> batch.requestItems(Map.of(MUSIC, all))))
        .satisfies(written -> assertThat(written.unprocessedItems()).isEmpty());
  }

  private static void transactions(DynamoDbClient client) {
    Map<String, AttributeValue> item = song("Transaction of Java", "All");
    TransactWriteItem put =
        TransactWriteItem.builder().put(p -> p.tableName(MUSIC).item(item)).build();
    transact(client, put, "exists");
    TransactGetItem get = TransactGetItem.builder().get(g -> g.tableName(MUSIC).key(item)).build();
    assertThat(client.transactGetItems(all -> all.transactItems(get)).responses())
        .extracting(ItemResponse::item)
        .containsExactly(item);
    TransactWriteItem delete =
        TransactWriteItem.builder().delete(d -> d.tableName(MUSIC).key(item)).build();
    var told =
        catchThrowableOfType(
            TransactionCanceledException.class, () -> transact(client, delete, "not_exists"));
    assertThat(told.cancellationReasons())
        .extracting(CancellationReason::code)
        .containsExactly("None", "ConditionalCheckFailed");
    transact(client, delete, "exists");
  }

  private static void transact(DynamoDbClient client, TransactWriteItem first, String condition) {
    TransactWriteItem check =
        TransactWriteItem.builder()
            .conditionCheck(c ->
                c.tableName(SampleTables.CUSTOMERS)
                    .key(Map.of("CustomerId", AttributeValue.fromS("C-1001")))
                    .conditionExpression("attribute_" + condition + "(CustomerId)"))
            .build();
    client.transactWriteItems(write -> write.transactItems(first, check));
  }

  private static void partiQl(DynamoDbClient client) {
    String name = "SELECT \"Name\" FROM \"Customers\" WHERE \"CustomerId\" = ?";
    assertThat(
            client
                .executeStatement(
                    run -> run.statement(name).parameters(AttributeValue.fromS("C-1003")))
                .items())
        .containsExactly(Map.of("Name", AttributeValue.fromS("Aisha Rahman")));
    BatchStatementRequest one =
        BatchStatementRequest.builder()
            .statement(name)
            .parameters(AttributeValue.fromS("C-1001"))
            .build();
    assertThat(client.batchExecuteStatement(run -> run.statements(one)).responses())
        .extracting(BatchStatementResponse::item)
        .containsExactly(Map.of("Name", AttributeValue.fromS("Ines Carvalho")));
  }

  private static void changes(DynamoDbClient client) {
    Map<String, AttributeValue> two = Map.of(":two", AttributeValue.fromN("2"));
    Map<String, AttributeValue> item = new HashMap<>(SONG);
    item.put("Plays", AttributeValue.fromN("2"));
    client.putItem(put -> put.tableName(MUSIC).item(item));
    assertThatThrownBy(() ->
            client.updateItem(update ->
                update
                    .tableName(MUSIC)
                    .key(SONG)
                    .updateExpression("ADD Plays :two")
                    .conditionExpression("Plays > :two")
                    .expressionAttributeValues(two)))
        .isInstanceOf(ConditionalCheckFailedException.class);
    assertThatThrownBy(() -> delete(client, "Plays > :two", two))
        .isInstanceOf(ConditionalCheckFailedException.class);
    delete(client, "Plays = :two", two);
  }

  private static void delete(
      DynamoDbClient client, String condition, Map<String, AttributeValue> values) {
    client.deleteItem(delete ->
        delete
            .tableName(MUSIC)
            .key(SONG)
            .conditionExpression(condition)
            .expressionAttributeValues(values));
  }

  private static void tables(DynamoDbClient client) {
    String name = "OfJava";
    client.createTable(create ->
        create
            .tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(
                AttributeDefinition.builder()
                    .attributeName("Id")
                    .attributeType(ScalarAttributeType.S)
                    .build())
            .keySchema(
                KeySchemaElement.builder().attributeName("Id").keyType(KeyType.HASH).build()));
    try (DynamoDbWaiter waiter = client.waiter()) {
      waiter.waitUntilTableExists(describe -> describe.tableName(name));
      client.updateTable(update ->
          update
              .tableName(name)
              .billingMode(BillingMode.PROVISIONED)
              .provisionedThroughput(p -> p.readCapacityUnits(5L).writeCapacityUnits(5L)));
      assertThat(client.describeTable(describe -> describe.tableName(name)).table())
          .satisfies(
              told -> assertThat(told.provisionedThroughput().readCapacityUnits()).isEqualTo(5));
      client.deleteTable(delete -> delete.tableName(name));
      waiter.waitUntilTableNotExists(describe -> describe.tableName(name));
    }
    assertThatThrownBy(() -> client.describeTable(describe -> describe.tableName(name)))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  private static void streams(URI endpoint) {
    try (DynamoDbStreamsClient client = SdkClients.streams(endpoint)) {
      String stream =
          client
              .listStreams(list -> list.tableName(SampleTables.ORDERS))
              .streams()
              .getFirst()
              .streamArn();
      String shard =
          client
              .describeStream(describe -> describe.streamArn(stream))
              .streamDescription()
              .shards()
              .getFirst()
              .shardId();
      String start =
          client
              .getShardIterator(get ->
                  get.streamArn(stream)
                      .shardId(shard)
                      .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .shardIterator();
      assertThat(client.getRecords(get -> get.shardIterator(start).limit(3)).records())
          .first()
          .satisfies(record -> {
            assertThat(record.eventName()).isEqualTo(OperationType.INSERT);
            assertThat(text(record.dynamodb().keys(), "OrderId")).startsWith("O-2");
          });
    }
  }
}
