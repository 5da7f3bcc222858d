package dev.sallyport.e2e;

import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.dynamodb.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.RequiredTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Bodies of every operation with the fields that it really has: of DynamoDB and Streams from the
 * model that the AWS SDK was made from, of DAX, whose model is not here, from a table.
 */
final class ModelBodies {
  private static final int DEPTH_MAX = 7;

  /** From the time before expressions; with them a request is refused, so they come seldom. */
  private static final List<String> LEGACY =
      List.of(
          "AttributesToGet",
          "AttributeUpdates",
          "ConditionalOperator",
          "Expected",
          "KeyConditions",
          "QueryFilter",
          "ScanFilter");

  /** What stands in a field of this name; all others have what their type says. */
  private static final Map<String, List<String>> BY_NAME =
      Stream.of(
              "TableName @t",
              "Statement SELECT~a~FROM~\\\"@t\\\"~WHERE~p='@k'"
                  + " UPDATE~\\\"@t\\\"~SET~b='x'~WHERE~p='@k'",
              "KeyConditionExpression p=:v",
              "FilterExpression attribute_exists(b) b=:v",
              "ConditionExpression attribute_exists(p) #n=:v",
              "UpdateExpression SET~b=:v REMOVE~#n",
              "ProjectionExpression p,b #n",
              "AttributeName p b",
              "AttributeType S N B",
              "KeyType HASH RANGE",
              "IndexName ByB",
              "StreamArn @s",
              "ShardId @h",
              "ShardIterator @i",
              "ResourceArn arn:aws:dynamodb:ddblocal:000000000000:table/@t",
              "TableArn arn:aws:dynamodb:ddblocal:000000000000:table/@t",
              "RegionName us-east-1 eu-west-1",
              "N 1 -7.5e3")
          .map(line -> line.split(" "))
          .collect(
              Collectors.toMap(
                  words -> words[0],
                  words -> Stream.of(words).skip(1).map(word -> word.replace('~', ' ')).toList()));

  /** The fields of the control API; {@code *} is a list, {@code #} a number, {@code !} needed. */
  private static final Map<String, List<String>> DAX =
      """
      CreateCluster !ClusterName !NodeType Description !ReplicationFactor# AvailabilityZones* \
      SubnetGroupName SecurityGroupIds* PreferredMaintenanceWindow NotificationTopicArn !IamRoleArn \
      ParameterGroupName Tags* ClusterEndpointEncryptionType NetworkType
      CreateParameterGroup !ParameterGroupName Description
      CreateSubnetGroup !SubnetGroupName Description !SubnetIds*
      DecreaseReplicationFactor !ClusterName !NewReplicationFactor# AvailabilityZones* \
      NodeIdsToRemove*
      DeleteCluster !ClusterName
      DeleteParameterGroup !ParameterGroupName
      DeleteSubnetGroup !SubnetGroupName
      DescribeClusters ClusterNames* MaxResults# NextToken
      DescribeDefaultParameters MaxResults# NextToken
      DescribeEvents SourceName SourceType StartTime# EndTime# Duration# MaxResults# NextToken
      DescribeParameterGroups ParameterGroupNames* MaxResults# NextToken
      DescribeParameters !ParameterGroupName Source MaxResults# NextToken
      DescribeSubnetGroups SubnetGroupNames* MaxResults# NextToken
      IncreaseReplicationFactor !ClusterName !NewReplicationFactor# AvailabilityZones*
      ListTags !ResourceName NextToken
      RebootNode !ClusterName !NodeId
      TagResource !ResourceName !Tags*
      UntagResource !ResourceName !TagKeys*
      UpdateCluster !ClusterName Description PreferredMaintenanceWindow NotificationTopicArn \
      NotificationTopicStatus ParameterGroupName SecurityGroupIds*
      UpdateParameterGroup !ParameterGroupName !ParameterNameValues*
      UpdateSubnetGroup !SubnetGroupName Description SubnetIds*
      """
          .lines()
          .map(line -> line.split(" +"))
          .collect(Collectors.toMap(words -> words[0], words -> Stream.of(words).skip(1).toList()));

  private final Random random;

  ModelBodies(Random random) {
    this.random = random;
  }

  /** Fields by name, with the JSON that stands there: all that are needed, some of the others. */
  Map<String, String> of(Operation operation) {
    return operation.service() == AwsService.DAX ? dax(operation.name()) : model(operation.name());
  }

  private Map<String, String> dax(String operation) {
    Map<String, String> members = new LinkedHashMap<>();
    for (String field : DAX.getOrDefault(operation, List.of())) {
      if (field.startsWith("!") || random.nextBoolean()) {
        String name = field.replaceAll("[!#*]", "");
        String text = "\"" + name.toLowerCase(Locale.ROOT) + "-@n\"";
        members.put(
            name, field.endsWith("#") ? "@n" : field.endsWith("*") ? "[" + text + "]" : text);
      }
    }
    return members;
  }

  private Map<String, String> model(String operation) {
    try {
      Class<?> type =
          Class.forName("software.amazon.awssdk.services.dynamodb.model." + operation + "Request");
      SdkPojo request =
          (SdkPojo) ((SdkBuilder<?, ?>) type.getMethod("builder").invoke(null)).build();
      return members(request, 0);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no model of " + operation, e);
    }
  }

  private Map<String, String> members(SdkPojo shape, int depth) {
    Map<String, String> members = new LinkedHashMap<>();
    if (shape.getClass().getSimpleName().equals("AttributeValue")) {
      return Map.of("S", "\"@k\"");
    }
    List<SdkField<?>> fields = new ArrayList<>(shape.sdkFields());
    Collections.shuffle(fields, random);
    for (SdkField<?> field : fields) {
      boolean needed = field.getOptionalTrait(RequiredTrait.class).isPresent();
      int oneIn = LEGACY.contains(field.memberName()) ? 12 : 3;
      if (needed || random.nextInt(oneIn) == 0) {
        members.put(field.memberName(), json(shape, field, field.memberName(), depth));
      }
    }
    return members;
  }

  private String json(SdkPojo owner, SdkField<?> field, String name, int depth) {
    MarshallingType<?> type = field.marshallingType();
    if (type.equals(MarshallingType.STRING)) {
      return "\"" + text(owner, name) + "\"";
    }
    if (type.equals(MarshallingType.LIST)) {
      SdkField<?> element = field.getTrait(ListTrait.class).memberFieldInfo();
      return depth > DEPTH_MAX ? "[]" : "[" + json(owner, element, name, depth + 1) + "]";
    }
    if (type.equals(MarshallingType.MAP)) {
      SdkField<?> value = field.getTrait(MapTrait.class).valueFieldInfo();
      String key =
          switch (name) {
            case "RequestItems" -> "@t";
            case "ExpressionAttributeNames" -> "#n";
            case "ExpressionAttributeValues" -> ":v";
            default -> "p";
          };
      return depth > DEPTH_MAX
          ? "{}"
          : "{\"" + key + "\":" + json(owner, value, name, depth + 1) + "}";
    }
    if (type.equals(MarshallingType.SDK_POJO)) {
      return depth > DEPTH_MAX ? "{}" : text(members(field.constructor().get(), depth + 1));
    }
    if (type.equals(MarshallingType.BOOLEAN)) {
      return Boolean.toString(random.nextBoolean());
    }
    return type.equals(MarshallingType.SDK_BYTES) ? "\"AAEC\"" : "@n";
  }

  private String text(SdkPojo owner, String name) {
    List<String> known = BY_NAME.getOrDefault(name, values(owner, name));
    return known.isEmpty() ? "some" + name : known.get(random.nextInt(known.size()));
  }

  /** The words that an enumeration knows; none for text that is free. */
  private static List<String> values(SdkPojo owner, String name) {
    try {
      String getter = Character.toLowerCase(name.charAt(0)) + name.substring(1);
      Object[] constants = owner.getClass().getMethod(getter).getReturnType().getEnumConstants();
      return constants == null
          ? List.of()
          : Stream.of(constants).map(String::valueOf).filter(word -> !word.equals("null")).toList();
    } catch (NoSuchMethodException e) {
      return List.of();
    }
  }

  /** One JSON object of such fields. */
  static String text(Map<String, String> members) {
    return members.entrySet().stream()
        .map(member -> "\"" + member.getKey() + "\":" + member.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
