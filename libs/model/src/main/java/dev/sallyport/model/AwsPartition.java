package dev.sallyport.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A closed world of AWS: its own regions, accounts and names.
///
/// @param dnsSuffix ends the names of its endpoints
/// @param dualStackSuffix ends those that also answer over IPv6
/// @param regionPattern matches the names of its regions, and of no other partition's
public record AwsPartition(
    String id, String dnsSuffix, String dualStackSuffix, Pattern regionPattern) {
  private static final int MAX_REGION_LENGTH = 32;

  private static final List<AwsPartition> ALL =
      List.of(
          partition("aws", "amazonaws.com", "api.aws", "(us|eu|ap|sa|ca|me|af|il|mx)"),
          partition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn"),
          partition("aws-us-gov", "amazonaws.com", "api.aws", "us-gov"),
          partition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-(de)"),
          partition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso"),
          partition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "us-isob"),
          partition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe"),
          partition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof"));

  private static AwsPartition partition(
      String id, String dnsSuffix, String dualStackSuffix, String regionPrefix) {
    return new AwsPartition(
        id, dnsSuffix, dualStackSuffix, Pattern.compile(regionPrefix + "-[a-z]{1,16}-[0-9]{1,3}"));
  }

  /// Every partition there is.
  public static List<AwsPartition> all() {
    return ALL;
  }

  /// Whether a partition has this id.
  static boolean isId(String text) {
    for (var partition : ALL) {
      if (partition.id.equals(text)) {
        return true;
      }
    }
    return false;
  }

  /// The partition that the region belongs to; none when the text does not name a region.
  public static Optional<AwsPartition> find(String region) {
    if (region.length() > MAX_REGION_LENGTH) {
      return Optional.empty();
    }
    for (var partition : ALL) {
      if (partition.regionPattern.matcher(region).matches()) {
        return Optional.of(partition);
      }
    }
    return Optional.empty();
  }

  /// The partition of a region that was checked before.
  public static AwsPartition ofRegion(String region) {
    return find(region)
        .orElseThrow(() ->
            new IllegalArgumentException(
                Quoted.of(region) + " is not an AWS region (expected: like us-east-1)"));
  }

  public static boolean isRegion(String text) {
    return find(text).isPresent();
  }

  /// The suffix, plain or dual-stack, that the host name ends in; the longest if several fit. Two
  /// partitions share theirs, so a suffix alone may not tell the partition.
  static Optional<String> suffixOf(String host) {
    return ALL.stream()
        .flatMap(p -> List.of(p.dnsSuffix, p.dualStackSuffix).stream())
        .filter(suffix -> host.endsWith("." + suffix) || host.equals(suffix))
        .max(Comparator.comparingInt(String::length));
  }

  /// The first partition that uses the suffix.
  static AwsPartition ofSuffix(String suffix) {
    return ALL.stream().filter(p -> p.uses(suffix)).findFirst().orElseThrow();
  }

  /// Whether its accounts have endpoints of their own.
  public boolean hasAccountEndpoints() {
    return id.equals("aws");
  }

  /// Whether the plain endpoints of DynamoDB and Streams are also the validated ones.
  public boolean plainIsFips() {
    return id.equals("aws-us-gov");
  }

  boolean uses(String suffix) {
    return suffix.equals(dnsSuffix) || suffix.equals(dualStackSuffix);
  }
}
