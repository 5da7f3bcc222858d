package dev.sallyport.model;

import java.util.List;

/// Which EC2 instances a token lets in.
///
/// @param account twelve digits
/// @param regions empty means any of the partition `aws`
public record AwsInstanceRule(String account, List<String> regions) {
  public AwsInstanceRule {
    AwsCallerRule.requireAccount(account);
    regions = List.copyOf(regions);
    for (var region : regions) {
      if (!AwsPartition.isRegion(region)) {
        throw new IllegalArgumentException(
            "aws_regions: %s is not an AWS region (expected: like us-east-1)"
                .formatted(Quoted.of(region)));
      }
    }
  }

  /// Whether it lets an instance of this account and region in.
  public boolean allows(String ofAccount, String inRegion) {
    return account.equals(ofAccount)
        && (regions.isEmpty()
            ? AwsPartition.find(inRegion)
                .filter(partition -> partition.id().equals(AwsCallerRule.COMMERCIAL))
                .isPresent()
            : regions.contains(inRegion));
  }
}
