package dev.sallyport.dynamodb;

import dev.sallyport.model.AwsEndpointName;
import dev.sallyport.model.AwsPartition;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseUri;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// Computes the endpoint of a service from the database alone: by AWS's rules, or as its `uri`
/// says.
///
/// A `uri` that is the name of one of AWS's regional endpoints tells which kind is wanted (plain,
/// FIPS, dual-stack, account) and each service gets its own of that kind. Any other `uri`, such as
/// DynamoDB Local or a VPC endpoint, serves all services.
public final class Endpoints {

  private static final String VPC_ENDPOINT = "vpce-";
  private static final String COMMERCIAL = "aws";
  private static final String GOVERNMENT = "aws-us-gov";

  /// Partitions whose dual-stack endpoint of Streams has a hyphen where all others have a dot.
  private static final Set<String> HYPHENATED_STREAMS = Set.of(COMMERCIAL, "aws-cn", GOVERNMENT);

  private Endpoints() {}

  /// The endpoint of a service.
  ///
  /// @param mode used when the `uri` does not tell
  public static Endpoint of(Database database, AwsService service, EndpointMode mode) {
    String region = database.aws().region();
    String accountId = database.aws().accountId();
    Optional<DatabaseUri> configured = database.endpoint();
    if (configured.isEmpty()) {
      return regional(region, accountId, service, mode);
    }
    Optional<EndpointMode> named = regionalMode(configured.get());
    if (named.isPresent()) {
      return regional(region, accountId, service, named.get());
    }
    DatabaseUri uri = configured.get();
    boolean tls = !uri.scheme().equals("http");
    int port = uri.port().orElse(Endpoint.standardPort(tls));
    return Endpoint.of(tls, uri.host(), port, region, service);
  }

  /// The endpoint of a service whose address the operator set for the whole process; a database's
  /// own `uri` wins over it.
  ///
  /// @param address an `http` or `https` address with a host
  public static Endpoint of(
      Database database, AwsService service, EndpointMode mode, Optional<URI> address) {
    if (address.isEmpty() || database.endpoint().isPresent()) {
      return of(database, service, mode);
    }
    URI set = address.get();
    boolean tls = set.getScheme().equalsIgnoreCase("https");
    String host = set.getHost().replaceAll("[\\[\\]]", "");
    int port = set.getPort() >= 0 ? set.getPort() : Endpoint.standardPort(tls);
    return Endpoint.of(tls, host, port, database.aws().region(), service);
  }

  /// The endpoint that AWS's rules give.
  static Endpoint regional(String region, String accountId, AwsService service, EndpointMode mode) {
    AwsPartition partition = AwsPartition.ofRegion(region);
    String host =
        switch (service) {
          case DYNAMODB -> dynamodb(partition, region, accountId, mode);
          case STREAMS -> streams(partition, region, mode);
          case DAX -> dax(partition, region, mode);
        };
    return Endpoint.of(true, host, Endpoint.standardPort(true), region, service);
  }

  private static String dynamodb(
      AwsPartition partition, String region, String accountId, EndpointMode mode) {
    boolean government = partition.id().equals(GOVERNMENT);
    return switch (mode) {
      case PLAIN -> name("dynamodb", region, partition.dnsSuffix());
      // In aws-us-gov the plain endpoint is the validated one.
      case FIPS -> name(government ? "dynamodb" : "dynamodb-fips", region, partition.dnsSuffix());
      case DUAL_STACK -> name("dynamodb", region, partition.dualStackSuffix());
      case ACCOUNT ->
          partition.id().equals(COMMERCIAL)
              ? name(accountId + ".ddb", region, partition.dnsSuffix())
              : name("dynamodb", region, partition.dnsSuffix());
    };
  }

  private static String streams(AwsPartition partition, String region, EndpointMode mode) {
    boolean government = partition.id().equals(GOVERNMENT);
    return switch (mode) {
      case PLAIN, ACCOUNT -> name("streams.dynamodb", region, partition.dnsSuffix());
      case FIPS ->
          name(
              government ? "streams.dynamodb" : "streams.dynamodb-fips",
              region,
              partition.dnsSuffix());
      case DUAL_STACK ->
          name(
              HYPHENATED_STREAMS.contains(partition.id()) ? "streams-dynamodb" : "streams.dynamodb",
              region,
              partition.dualStackSuffix());
    };
  }

  private static String dax(AwsPartition partition, String region, EndpointMode mode) {
    return switch (mode) {
      case PLAIN, ACCOUNT -> name("dax", region, partition.dnsSuffix());
      case FIPS -> name("dax-fips", region, partition.dnsSuffix());
      case DUAL_STACK -> name("dax", region, partition.dualStackSuffix());
    };
  }

  private static String name(String service, String region, String suffix) {
    return service + "." + region + "." + suffix;
  }

  private static Optional<EndpointMode> regionalMode(DatabaseUri uri) {
    Optional<AwsEndpointName> name = uri.endpointName();
    boolean standard =
        uri.port().orElse(Endpoint.standardPort(true)) == Endpoint.standardPort(true);
    boolean https = uri.scheme().equals("https");
    if (name.isEmpty() || !standard || !https || uri.host().startsWith(VPC_ENDPOINT)) {
      return Optional.empty();
    }
    if (name.get().accountId().isPresent()) {
      return Optional.of(EndpointMode.ACCOUNT);
    }
    if (uri.host().contains("-fips.")) {
      return Optional.of(EndpointMode.FIPS);
    }
    AwsPartition partition = AwsPartition.ofRegion(name.get().region());
    return Optional.of(
        name.get().suffix().equals(partition.dualStackSuffix())
            ? EndpointMode.DUAL_STACK
            : EndpointMode.PLAIN);
  }
}
