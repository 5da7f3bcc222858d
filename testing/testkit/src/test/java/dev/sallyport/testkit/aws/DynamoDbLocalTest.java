package dev.sallyport.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// The SDK's client, through the gate, to DynamoDB Local.
class DynamoDbLocalTest {

  private static final AwsStandIn AWS =
      AwsStandIn.start(AwsStandIn.Account.example(), InstantSource.system());
  private static final DynamoDbClient CLIENT = client(AWS.agentCredentials());

  @BeforeAll
  static void create() {
    SampleTables.create(CLIENT);
  }

  @AfterAll
  static void close() {
    CLIENT.close();
    AWS.close();
  }

  @Test
  void the_sample_tables_are_there_and_full() {
    Set<String> tables = CLIENT.listTables().tableNames().stream().collect(Collectors.toSet());
    assertThat(tables)
        .containsExactlyInAnyOrder(SampleTables.MUSIC, SampleTables.CUSTOMERS, SampleTables.ORDERS);
    int items =
        tables.stream()
            .mapToInt(t -> CLIENT.scan(s -> s.tableName(t).select(Select.COUNT)).count())
            .sum();
    assertThat(items).isEqualTo(SampleTables.ITEMS);
    assertThat(AWS.gate().received()).allMatch(received -> received.refusal().isEmpty());
  }

  @Test
  void the_index_and_the_stream_of_the_orders_answer() {
    assertThat(
            CLIENT
                .query(q ->
                    q.tableName(SampleTables.ORDERS)
                        .indexName(SampleTables.ORDERS_BY_STATUS)
                        .keyConditionExpression("#s = :s")
                        .expressionAttributeNames(Map.of("#s", "Status"))
                        .expressionAttributeValues(Map.of(":s", AttributeValue.fromS("placed"))))
                .count())
        .isEqualTo(6);
    try (DynamoDbStreamsClient streams =
        DynamoDbStreamsClient.builder()
            .endpointOverride(AWS.dynamoDbUri())
            .region(Region.US_EAST_1)
            .credentialsProvider(StaticCredentialsProvider.create(AWS.agentCredentials()))
            .httpClient(UrlConnectionHttpClient.create())
            .build()) {
      assertThat(streams.listStreams(s -> s.tableName(SampleTables.ORDERS)).streams()).hasSize(1);
    }
  }

  @Test
  void a_failed_condition_is_dynamodbs_own_error() {
    assertThatThrownBy(() ->
            CLIENT.putItem(p ->
                p.tableName(SampleTables.CUSTOMERS)
                    .item(Map.of("CustomerId", AttributeValue.fromS("C-1001")))
                    .conditionExpression("attribute_not_exists(CustomerId)")))
        .isInstanceOf(ConditionalCheckFailedException.class);
  }

  @Test
  void a_wrong_secret_does_not_get_to_the_database() {
    try (DynamoDbClient wrong =
        client(AwsBasicCredentials.create(AWS.account().agentKeyId(), "wrong"))) {
      assertThatThrownBy(wrong::listTables)
          .isInstanceOfSatisfying(
              DynamoDbException.class,
              e ->
                  assertThat(e.awsErrorDetails().errorCode())
                      .isEqualTo("InvalidSignatureException"));
    }
  }

  private static DynamoDbClient client(AwsCredentials as) {
    return DynamoDbClient.builder()
        .endpointOverride(AWS.dynamoDbUri())
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(as))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }
}
