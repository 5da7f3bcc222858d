package dev.sallyport.model;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What the name of an AWS endpoint of DynamoDB, Streams or DAX tells.
///
/// @param service the part of the name before the region, such as `streams.dynamodb-fips`
/// @param suffix the DNS suffix that it ends in, plain or dual-stack
/// @param accountId of an endpoint that belongs to one account
public record AwsEndpointName(
    String service, String region, String suffix, Optional<String> accountId) {
  private static final String DYNAMODB = "dynamodb";
  private static final Set<String> SERVICES =
      Set.of(
          DYNAMODB,
          "dynamodb-fips",
          "streams.dynamodb",
          "streams.dynamodb-fips",
          "streams-dynamodb",
          "streams-dynamodb-fips",
          "dax",
          "dax-fips");
  private static final Pattern OF_ACCOUNT = Pattern.compile("([0-9]{12})\\.ddb");
  private static final Pattern OF_VPC =
      Pattern.compile("vpce-[a-z0-9-]{1,63}\\.((?:streams\\.)?dynamodb(?:-fips)?|dax(?:-fips)?)");
  private static final String VPC = "vpce";

  /// Reads `<service>.<region>.<suffix>`, `<account>.ddb.<region>.<suffix>` and
  /// `vpce-<id>.<service>.<region>.vpce.<suffix>`.
  public static Optional<AwsEndpointName> parse(String host) {
    return AwsPartition.suffixOf(host).flatMap(suffix -> parse(host, suffix));
  }

  private static Optional<AwsEndpointName> parse(String host, String suffix) {
    var rest = host.substring(0, Math.max(0, host.length() - suffix.length() - 1));
    var inVpc = rest.endsWith("." + VPC);
    if (inVpc) {
      rest = rest.substring(0, rest.length() - VPC.length() - 1);
    }
    var dot = rest.lastIndexOf('.');
    if (dot < 0 || !AwsPartition.isRegion(rest.substring(dot + 1))) {
      return Optional.empty();
    }
    var region = rest.substring(dot + 1);
    var service = rest.substring(0, dot);
    var account = OF_ACCOUNT.matcher(service);
    if (!inVpc && account.matches()) {
      return Optional.of(
          new AwsEndpointName(DYNAMODB, region, suffix, Optional.of(account.group(1))));
    }
    if (inVpc) {
      var vpc = OF_VPC.matcher(service);
      return vpc.matches()
          ? Optional.of(new AwsEndpointName(vpc.group(1), region, suffix, Optional.empty()))
          : Optional.empty();
    }
    return SERVICES.contains(service)
        ? Optional.of(new AwsEndpointName(service, region, suffix, Optional.empty()))
        : Optional.empty();
  }

  public boolean isStreams() {
    return service.startsWith("streams");
  }

  public boolean isDax() {
    return service.startsWith("dax");
  }

  /// Whether its cryptography is validated.
  public boolean isFips() {
    var partition = AwsPartition.ofRegion(region);
    return service.endsWith("-fips")
        || (!isDax()
            && accountId.isEmpty()
            && partition.plainIsFips()
            && suffix.equals(partition.dnsSuffix()));
  }

  /// Whether it also answers over IPv6.
  public boolean isDualStack() {
    return suffix.equals(AwsPartition.ofRegion(region).dualStackSuffix());
  }
}
