package dev.sallyport.dynamodb;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Every operation of the three APIs: its class, and where its request names tables.
///
/// A test compares the table with the service model that the AWS SDK carries, so a new operation or
/// a new field that names a table is noticed at the SDK's next update.
public final class Operations {

  /// One line an operation: name, class, and the paths of the fields that name tables. `[]` is an
  /// element of a list, `{}` says that the keys of the object are table names.
  private static final String DYNAMODB =
      """
      BatchExecuteStatement STATEMENT Statements[].Statement
      BatchGetItem READ RequestItems{}
      BatchWriteItem WRITE RequestItems{}
      CreateBackup SENSITIVE TableName
      CreateGlobalTable SENSITIVE GlobalTableName
      CreateTable MANAGE TableName GlobalTableSourceArn
      DeleteBackup MANAGE BackupArn
      DeleteItem WRITE TableName
      DeleteResourcePolicy SENSITIVE ResourceArn
      DeleteTable MANAGE TableName
      DescribeBackup METADATA BackupArn
      DescribeContinuousBackups METADATA TableName
      DescribeContributorInsights METADATA TableName IndexName
      DescribeEndpoints METADATA
      DescribeExport METADATA ExportArn
      DescribeGlobalTable METADATA GlobalTableName
      DescribeGlobalTableSettings METADATA GlobalTableName
      DescribeImport METADATA ImportArn
      DescribeKinesisStreamingDestination METADATA TableName
      DescribeLimits METADATA
      DescribeTable METADATA TableName
      DescribeTableReplicaAutoScaling METADATA TableName
      DescribeTimeToLive METADATA TableName
      DisableKinesisStreamingDestination MANAGE TableName
      EnableKinesisStreamingDestination SENSITIVE TableName
      ExecuteStatement STATEMENT Statement
      ExecuteTransaction STATEMENT TransactStatements[].Statement
      ExportTableToPointInTime SENSITIVE TableArn
      GetItem READ TableName
      GetResourcePolicy METADATA ResourceArn
      ImportTable SENSITIVE TableCreationParameters.TableName
      ListBackups METADATA TableName
      ListContributorInsights METADATA TableName
      ListExports METADATA TableArn
      ListGlobalTables METADATA
      ListImports METADATA TableArn
      ListTables METADATA
      ListTagsOfResource METADATA ResourceArn
      PutItem WRITE TableName
      PutResourcePolicy SENSITIVE ResourceArn
      Query READ TableName IndexName
      RestoreTableFromBackup SENSITIVE TargetTableName BackupArn
      RestoreTableToPointInTime SENSITIVE SourceTableName SourceTableArn TargetTableName
      Scan READ TableName IndexName
      SearchVectors READ TableName IndexName
      TagResource MANAGE ResourceArn
      TransactGetItems READ TransactItems[].Get.TableName
      TransactWriteItems WRITE TransactItems[].ConditionCheck.TableName TransactItems[].Put.TableName \
      TransactItems[].Delete.TableName TransactItems[].Update.TableName
      UntagResource MANAGE ResourceArn
      UpdateContinuousBackups MANAGE TableName
      UpdateContributorInsights MANAGE TableName IndexName
      UpdateGlobalTable SENSITIVE GlobalTableName
      UpdateGlobalTableSettings MANAGE GlobalTableName
      UpdateItem WRITE TableName
      UpdateKinesisStreamingDestination SENSITIVE TableName
      UpdateTable SENSITIVE TableName
      UpdateTableReplicaAutoScaling MANAGE TableName
      UpdateTimeToLive SENSITIVE TableName
      """;

  private static final String STREAMS =
      """
      DescribeStream METADATA StreamArn
      GetRecords READ ShardIterator
      GetShardIterator METADATA StreamArn
      ListStreams METADATA TableName
      """;

  private static final String DAX =
      """
      CreateCluster MANAGE
      CreateParameterGroup MANAGE
      CreateSubnetGroup MANAGE
      DecreaseReplicationFactor MANAGE
      DeleteCluster MANAGE
      DeleteParameterGroup MANAGE
      DeleteSubnetGroup MANAGE
      DescribeClusters METADATA
      DescribeDefaultParameters METADATA
      DescribeEvents METADATA
      DescribeParameterGroups METADATA
      DescribeParameters METADATA
      DescribeSubnetGroups METADATA
      IncreaseReplicationFactor MANAGE
      ListTags METADATA
      RebootNode MANAGE
      TagResource MANAGE
      UntagResource MANAGE
      UpdateCluster MANAGE
      UpdateParameterGroup MANAGE
      UpdateSubnetGroup MANAGE
      """;

  private static final Map<String, Operation> BY_TARGET = new LinkedHashMap<>();
  private static final Map<Operation, TableFields> FIELDS = new LinkedHashMap<>();

  static {
    read(AwsService.DYNAMODB, DYNAMODB);
    read(AwsService.STREAMS, STREAMS);
    read(AwsService.DAX, DAX);
  }

  private Operations() {}

  /// All of them, by service and name.
  public static Collection<Operation> all() {
    return Collections.unmodifiableCollection(BY_TARGET.values());
  }

  /// The operation of this name, if it is known.
  public static Optional<Operation> find(AwsService service, String name) {
    return byTarget(service.targetPrefix() + "." + name);
  }

  /// The operation that `X-Amz-Target` names, if it is known. Upper and lower case differ, as they
  /// do for AWS.
  static Optional<Operation> byTarget(String target) {
    return Optional.ofNullable(BY_TARGET.get(target));
  }

  /// Where the operation's request names tables; an operation that was not made here names none
  /// that we know.
  static TableFields tableFields(Operation operation) {
    TableFields fields = FIELDS.get(operation);
    if (fields == null) {
      throw new IllegalArgumentException("unknown operation " + operation.target());
    }
    return fields;
  }

  private static void read(AwsService service, String table) {
    table
        .lines()
        .forEach(line -> {
          String[] words = line.split(" +");
          Operation operation = new Operation(service, words[0], OperationClass.valueOf(words[1]));
          TableFields fields = new TableFields();
          for (int i = 2; i < words.length; i++) {
            fields.add(words[i]);
          }
          BY_TARGET.put(operation.target(), operation);
          FIELDS.put(operation, fields);
        });
  }
}
