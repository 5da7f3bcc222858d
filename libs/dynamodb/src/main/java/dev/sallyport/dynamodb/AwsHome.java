package dev.sallyport.dynamodb;

import dev.sallyport.model.AwsPartition;
import dev.sallyport.model.Database;
import java.util.Objects;

/// Where a plain table name belongs to: the account and region of the database.
///
/// @param partition the partition's id, such as `aws`
/// @param region such as `us-east-1`
/// @param accountId twelve digits
public record AwsHome(String partition, String region, String accountId) {

  /// Refuses missing parts.
  public AwsHome {
    Objects.requireNonNull(partition, "partition");
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(accountId, "accountId");
  }

  /// The home of the tables of a database.
  public static AwsHome of(Database database) {
    String region = database.aws().region();
    return new AwsHome(AwsPartition.ofRegion(region).id(), region, database.aws().accountId());
  }
}
