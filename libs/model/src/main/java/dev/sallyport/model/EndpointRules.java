package dev.sallyport.model;

import java.util.Optional;
import java.util.function.Predicate;

/// What endpoints a database may be given: of the right service, region and partition, encrypted
/// where they are AWS's, and none that breaks what the database asks of its endpoints.
final class EndpointRules {
  private static final String FIPS = "aws.use_fips_endpoint";
  private static final String DUAL_STACK = "aws.use_dualstack_endpoint";
  private static final String ACCOUNT = "aws.account_id_endpoint_mode";

  private EndpointRules() {}

  /// @throws InvalidDatabase with what to change
  static void check(String name, Optional<String> uri, ServiceUris others, DatabaseAws aws) {
    var main = uri.flatMap(DatabaseUri::parse).filter(address -> !address.scheme().equals("aws"));
    var streams = others.streams().map(text -> address(name, "streams_uri", text));
    var dax = others.dax().map(text -> address(name, "dax_uri", text));
    streams.ifPresent(
        a -> checkService(name, "streams_uri", a, aws.region(), AwsEndpointName::isStreams));
    dax.ifPresent(a -> checkService(name, "dax_uri", a, aws.region(), AwsEndpointName::isDax));
    var choice = aws.endpoints();
    if (choice.wantsFips()) {
      main.ifPresent(a -> requireFips(name, "uri", a));
      streams.ifPresent(a -> requireFips(name, "streams_uri", a));
      dax.ifPresent(a -> requireFips(name, "dax_uri", a));
    }
    if (choice.wantsDualStack()) {
      main.ifPresent(a -> requireDualStack(name, a));
    }
    if (choice.account().equals(Optional.of(AwsEndpointChoice.Account.REQUIRED))) {
      checkAccount(name, main, aws);
    }
  }

  private static DatabaseUri address(String name, String field, String text) {
    return DatabaseUri.parse(text)
        .filter(address -> !address.scheme().equals("aws"))
        .orElseThrow(() ->
            new InvalidDatabase(
                field,
                ("database %s has invalid URI %s (expected: host, host:port, or either behind"
                        + " http:// or https://)")
                    .formatted(Quoted.of(name), Quoted.of(text))));
  }

  private static void checkService(
      String name,
      String field,
      DatabaseUri address,
      String region,
      Predicate<AwsEndpointName> ofService) {
    if (!address.isAws()) {
      return;
    }
    var place = address.endpointName().filter(ofService);
    if (place.isEmpty()
        || !place.get().region().equals(region)
        || !AwsPartition.ofRegion(region).uses(place.get().suffix())
        || address.scheme().equals("http")) {
      throw new InvalidDatabase(
          field,
          ("database %s: %s is not an encrypted endpoint of this service in %s (leave it out, and"
                  + " AWS's own is used)")
              .formatted(Quoted.of(name), Quoted.of(address.host()), region));
    }
  }

  private static void requireFips(String name, String field, DatabaseUri address) {
    if (address.endpointName().filter(AwsEndpointName::isFips).isEmpty()) {
      throw new InvalidDatabase(
          FIPS,
          ("database %s asks for FIPS endpoints, and its %s %s is none (leave the %s out, name a"
                  + " FIPS endpoint, or set use_fips_endpoint: no)")
              .formatted(Quoted.of(name), field, Quoted.of(address.host()), field));
    }
  }

  private static void requireDualStack(String name, DatabaseUri address) {
    if (address.endpointName().filter(AwsEndpointName::isDualStack).isEmpty()) {
      throw new InvalidDatabase(
          DUAL_STACK,
          ("database %s asks for dual-stack endpoints, and its uri %s is none (leave the uri out,"
                  + " or use_dualstack_endpoint)")
              .formatted(Quoted.of(name), Quoted.of(address.host())));
    }
  }

  private static void checkAccount(String name, Optional<DatabaseUri> main, DatabaseAws aws) {
    if (!AwsPartition.ofRegion(aws.region()).hasAccountEndpoints()
        || aws.endpoints().wantsFips()
        || main.filter(a -> a.endpointName().flatMap(AwsEndpointName::accountId).isEmpty())
            .isPresent()) {
      throw new InvalidDatabase(
          ACCOUNT,
          ("database %s requires an endpoint of its account, which there is only in partition aws,"
                  + " without FIPS and without another uri (expected: preferred or disabled)")
              .formatted(Quoted.of(name)));
    }
  }
}
