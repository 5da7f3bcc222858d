package dev.sallyport.dynamodb;

import dev.sallyport.model.AwsEndpointName;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseUri;
import java.net.URI;
import java.util.Optional;

/// Computes the endpoint of a service from the database alone: by AWS's rules, or as its `uri`,
/// `streams_uri` and `dax_uri` say.
///
/// A `uri` that is the name of one of AWS's regional endpoints tells which kind is wanted (FIPS,
/// dual-stack, account) and each service gets its own of that kind. Any other `uri`, such as
/// DynamoDB Local or a VPC endpoint, serves all services that have none of their own.
public final class Endpoints {

  private static final String VPC_ENDPOINT = "vpce-";

  private Endpoints() {}

  /// The endpoint of a service.
  public static Endpoint of(Database database, AwsService service) {
    return of(database, service, Optional.empty());
  }

  /// The endpoint of a service whose address the operator may have set for the whole process; the
  /// database's own win over it.
  ///
  /// @param address an `http` or `https` address with a host
  /// @throws IllegalArgumentException if it is used, and breaks what the database asks for
  public static Endpoint of(Database database, AwsService service, Optional<URI> address) {
    Optional<DatabaseUri> configured = own(database, service).or(database::endpoint);
    if (configured.isPresent()) {
      return configured(database, service, configured.get());
    }
    if (address.isPresent()) {
      return set(database, service, address.get());
    }
    return regional(database, service, EndpointMode.of(database.aws().endpoints()));
  }

  private static Optional<DatabaseUri> own(Database database, AwsService service) {
    return switch (service) {
      case DYNAMODB -> Optional.empty();
      case STREAMS -> database.serviceUris().streams().flatMap(DatabaseUri::parse);
      case DAX -> database.serviceUris().dax().flatMap(DatabaseUri::parse);
    };
  }

  private static Endpoint configured(Database database, AwsService service, DatabaseUri uri) {
    Optional<AwsEndpointName> name = regionalName(uri);
    if (name.isPresent()) {
      boolean fips = database.aws().endpoints().wantsFips();
      return regional(database, service, EndpointMode.of(name.get()).withFips(fips));
    }
    boolean tls = !uri.scheme().equals("http");
    int port = uri.port().orElse(Endpoint.standardPort(tls));
    return Endpoint.of(tls, uri.host(), port, database.aws().region(), service);
  }

  private static Endpoint set(Database database, AwsService service, URI address) {
    boolean tls = address.getScheme().equalsIgnoreCase("https");
    String host = address.getHost().replaceAll("[\\[\\]]", "");
    if (database.aws().endpoints().wantsFips()
        && AwsEndpointName.parse(host).filter(AwsEndpointName::isFips).isEmpty()) {
      throw new IllegalArgumentException(
          ("database \"%s\" asks for FIPS endpoints, and %s, which the environment sets"
                  + " (AWS_ENDPOINT_URL...), is none")
              .formatted(database.name(), address));
    }
    int port = address.getPort() >= 0 ? address.getPort() : Endpoint.standardPort(tls);
    return Endpoint.of(tls, host, port, database.aws().region(), service);
  }

  private static Endpoint regional(Database database, AwsService service, EndpointMode mode) {
    String region = database.aws().region();
    String host = EndpointNames.host(region, database.aws().accountId(), service, mode);
    return Endpoint.of(true, host, Endpoint.standardPort(true), region, service);
  }

  private static Optional<AwsEndpointName> regionalName(DatabaseUri uri) {
    int standard = Endpoint.standardPort(true);
    if (uri.port().orElse(standard) != standard
        || !uri.scheme().equals("https")
        || uri.host().startsWith(VPC_ENDPOINT)) {
      return Optional.empty();
    }
    return uri.endpointName();
  }
}
