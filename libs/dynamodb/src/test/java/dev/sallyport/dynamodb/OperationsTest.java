package dev.sallyport.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/// Our table of operations against the model that the AWS SDK was made from.
class OperationsTest {

  private static final int FIELD_DEPTH_MAX = 4;

  /// Text fields of the model that look like names of tables and are none that we must know.
  private static final Set<String> NO_TABLE =
      Set.of(
          // Where a listing goes on.
          "ListTables ExclusiveStartTableName",
          "ListGlobalTables ExclusiveStartGlobalTableName",
          "ListBackups ExclusiveStartBackupArn",
          "ListStreams ExclusiveStartStreamArn",
          // Streams of Kinesis.
          "EnableKinesisStreamingDestination StreamArn",
          "DisableKinesisStreamingDestination StreamArn",
          "UpdateKinesisStreamingDestination StreamArn");

  @ParameterizedTest
  @EnumSource(
      value = AwsService.class,
      names = {"DYNAMODB", "STREAMS"})
  void every_operation_of_the_sdk_is_known_and_no_other(AwsService service) {
    Set<String> known =
        Operations.all().stream()
            .filter(operation -> operation.service() == service)
            .map(Operation::name)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(known)
        .isEqualTo(
            requests(service).stream()
                .map(type -> operationOf(type))
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void the_management_of_dax_has_twenty_one_operations() {
    assertThat(Operations.all().stream().filter(o -> o.service() == AwsService.DAX)).hasSize(21);
  }

  @ParameterizedTest
  @EnumSource(
      value = AwsService.class,
      names = {"DYNAMODB", "STREAMS"})
  void every_field_of_the_model_that_names_a_table_is_read(AwsService service) {
    List<String> missed = new ArrayList<>();
    for (Class<?> type : requests(service)) {
      TableFields ours =
          Operations.tableFields(Operations.find(service, operationOf(type)).orElseThrow());
      collectMissed(
          newRequest(type).sdkFields(), Optional.of(ours), operationOf(type) + " ", 0, missed);
    }
    assertThat(missed).isEmpty();
  }

  @Test
  void what_moves_data_or_power_elsewhere_is_in_its_own_class() {
    List<String> sensitive =
        List.of(
            "ExportTableToPointInTime",
            "CreateBackup",
            "RestoreTableFromBackup",
            "RestoreTableToPointInTime",
            "UpdateTable",
            "EnableKinesisStreamingDestination",
            "ImportTable",
            "PutResourcePolicy",
            "UpdateTimeToLive");
    for (String name : sensitive) {
      assertThat(Operations.find(AwsService.DYNAMODB, name).orElseThrow().operationClass())
          .as(name)
          .isEqualTo(OperationClass.SENSITIVE);
    }
  }

  @Test
  void only_known_operations_are_looked_up() {
    assertThat(Operations.find(AwsService.STREAMS, "GetItem")).isEmpty();
    assertThat(Operations.find(AwsService.DYNAMODB, "GetRecords")).isEmpty();
  }

  @Test
  void a_target_names_an_operation() {
    for (Operation operation : Operations.all()) {
      assertThat(DynamoDbTarget.parse(operation.target()))
          .isEqualTo(new DynamoDbTarget.Known(operation));
    }
  }

  @Test
  void an_unknown_operation_of_a_known_service_is_told_apart() {
    assertThat(DynamoDbTarget.parse("DynamoDB_20120810.DropEverything"))
        .isEqualTo(new DynamoDbTarget.UnknownOperation(AwsService.DYNAMODB, "DropEverything"));
    assertThat(DynamoDbTarget.parse("DynamoDB_20120810.getitem"))
        .isInstanceOf(DynamoDbTarget.UnknownOperation.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DynamoDB_20120810",
        "DynamoDB_20120810.",
        "dynamodb_20120810.GetItem",
        "DynamoDB_20111205.GetItem",
        "AWSSecurityTokenServiceV20110615.AssumeRole",
        " DynamoDB_20120810.GetItem",
        "DynamoDB_20120810.GetItem,DynamoDB_20120810.Scan",
        "DynamoDB_20120810.Get\r\nItem",
        "x"
      })
  void anything_else_is_not_recognized(String header) {
    assertThat(DynamoDbTarget.parse(header))
        .isInstanceOfSatisfying(
            DynamoDbTarget.Unrecognized.class,
            refused ->
                assertThat(refused.message()).contains("not recognized").doesNotContain("\r"));
  }

  @Test
  void a_missing_or_endless_target_is_not_recognized() {
    assertThat(DynamoDbTarget.parse(null))
        .isEqualTo(
            new DynamoDbTarget.Unrecognized("missing \"X-Amz-Target\" header in http request"));
    assertThat(DynamoDbTarget.parse("DynamoDB_20120810." + "A".repeat(100_000)))
        .isInstanceOf(DynamoDbTarget.Unrecognized.class);
  }

  private static List<Class<?>> requests(AwsService service) {
    Class<?> client =
        service == AwsService.STREAMS ? DynamoDbStreamsClient.class : DynamoDbClient.class;
    List<Class<?>> types = new ArrayList<>();
    for (Method method : client.getMethods()) {
      for (Class<?> type : method.getParameterTypes()) {
        if (type.getSimpleName().endsWith("Request") && !types.contains(type)) {
          types.add(type);
        }
      }
    }
    types.sort(Comparator.comparing(Class::getSimpleName));
    return types;
  }

  private static String operationOf(Class<?> requestType) {
    String name = requestType.getSimpleName();
    return name.substring(0, name.length() - "Request".length());
  }

  private static SdkPojo newRequest(Class<?> type) {
    try {
      return (SdkPojo) ((SdkBuilder<?, ?>) type.getMethod("builder").invoke(null)).build();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no builder of " + type, e);
    }
  }

  private static void collectMissed(
      List<SdkField<?>> fields,
      Optional<TableFields> ours,
      String path,
      int depth,
      List<String> missed) {
    for (SdkField<?> field : fields) {
      String name = field.memberName();
      Optional<TableFields> member = ours.flatMap(f -> f.member(name));
      boolean namesTable =
          field.marshallingType().equals(MarshallingType.STRING)
              && (name.endsWith("TableName")
                  || name.equals("Statement")
                  || name.equals("ShardIterator")
                  || (name.endsWith("Arn") && !path.contains(".") && !path.contains("[")));
      if (namesTable && member.isEmpty() && !NO_TABLE.contains(path + name)) {
        missed.add(path + name);
      }
      Optional<ListTrait> list = field.getOptionalTrait(ListTrait.class);
      boolean map = field.getOptionalTrait(MapTrait.class).isPresent();
      if (map
          && name.equals("RequestItems")
          && !member.map(TableFields::keysAreTables).orElse(false)) {
        missed.add(path + name + "{}");
      }
      SdkField<?> below = field;
      if (list.isPresent()) {
        below = list.get().memberFieldInfo();
      }
      Optional<TableFields> ourBelow =
          list.isPresent() ? member.flatMap(TableFields::element) : member;
      if (below.constructor() != null && depth < FIELD_DEPTH_MAX) {
        String step = path + name + (list.isPresent() ? "[]." : ".");
        collectMissed(below.constructor().get().sdkFields(), ourBelow, step, depth + 1, missed);
      }
    }
  }
}
