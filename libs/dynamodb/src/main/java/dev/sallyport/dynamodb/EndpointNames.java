package dev.sallyport.dynamodb;

import dev.sallyport.model.AwsPartition;
import java.util.List;
import java.util.Set;

/// The first parts of the names of AWS's regional endpoints, as a table: what comes before
/// `.<region>.<suffix>`. The first row that fits counts.
final class EndpointNames {
  private static final Set<String> ALL = Set.of();

  /// Partitions where the plain endpoints are the validated ones.
  private static final Set<String> GOVERNMENT = Set.of("aws-us-gov");

  /// Partitions whose dual-stack endpoints of Streams have a hyphen where all others have a dot.
  private static final Set<String> HYPHENATED = Set.of("aws", "aws-cn", "aws-us-gov");

  /// @param partitions where it holds; all if empty
  private record Row(
      AwsService service, boolean fips, boolean dualStack, Set<String> partitions, String name) {
    boolean fits(AwsPartition partition, AwsService wanted, EndpointMode mode) {
      return service == wanted
          && fips == mode.fips()
          && dualStack == mode.dualStack()
          && (partitions.isEmpty() || partitions.contains(partition.id()));
    }
  }

  private static final List<Row> ROWS =
      List.of(
          new Row(AwsService.DYNAMODB, false, false, ALL, "dynamodb"),
          new Row(AwsService.DYNAMODB, false, true, ALL, "dynamodb"),
          new Row(AwsService.DYNAMODB, true, false, GOVERNMENT, "dynamodb"),
          new Row(AwsService.DYNAMODB, true, false, ALL, "dynamodb-fips"),
          new Row(AwsService.DYNAMODB, true, true, ALL, "dynamodb-fips"),
          new Row(AwsService.STREAMS, false, false, ALL, "streams.dynamodb"),
          new Row(AwsService.STREAMS, false, true, HYPHENATED, "streams-dynamodb"),
          new Row(AwsService.STREAMS, false, true, ALL, "streams.dynamodb"),
          new Row(AwsService.STREAMS, true, false, GOVERNMENT, "streams.dynamodb"),
          new Row(AwsService.STREAMS, true, false, ALL, "streams.dynamodb-fips"),
          new Row(AwsService.STREAMS, true, true, HYPHENATED, "streams-dynamodb-fips"),
          new Row(AwsService.STREAMS, true, true, ALL, "streams.dynamodb-fips"),
          new Row(AwsService.DAX, false, false, ALL, "dax"),
          new Row(AwsService.DAX, false, true, ALL, "dax"),
          new Row(AwsService.DAX, true, false, ALL, "dax-fips"),
          new Row(AwsService.DAX, true, true, ALL, "dax-fips"));

  private EndpointNames() {}

  /// The host name of an endpoint.
  static String host(String region, String accountId, AwsService service, EndpointMode mode) {
    AwsPartition partition = AwsPartition.ofRegion(region);
    String suffix = mode.dualStack() ? partition.dualStackSuffix() : partition.dnsSuffix();
    boolean ofAccount =
        mode.account()
            && !mode.fips()
            && service == AwsService.DYNAMODB
            && partition.hasAccountEndpoints();
    String name =
        ofAccount
            ? accountId + ".ddb"
            : ROWS.stream()
                .filter(row -> row.fits(partition, service, mode))
                .findFirst()
                .orElseThrow()
                .name();
    return name + "." + region + "." + suffix;
  }
}
