package dev.sallyport.agent.signing;

import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.dynamodb.Endpoint;
import dev.sallyport.dynamodb.Endpoints;
import dev.sallyport.model.Database;
import java.net.URI;
import java.util.Optional;

/// Where requests of one database and one AWS service go, and whom that server must be. Computed
/// from the configuration once; nothing that a client sends can change or add one. Two are the same
/// only if they are the same object, so connections can be pooled by it.
public final class Destination {
  private final Endpoint endpoint;
  private final Optional<String> caCertPem;

  private Destination(Endpoint endpoint, Optional<String> caCertPem) {
    this.endpoint = endpoint;
    this.caCertPem = caCertPem;
  }

  /// The destination that the database's region, partition and endpoint settings give.
  ///
  /// @param address of the service, if the operator set one for databases without a `uri`
  /// @throws IllegalArgumentException if that breaks what the database asks for
  static Destination of(Database database, AwsService service, Optional<URI> address) {
    return new Destination(Endpoints.of(database, service, address), database.tls().caCertPem());
  }

  /// Address, host name and scope of signatures.
  public Endpoint endpoint() {
    return endpoint;
  }

  /// The only authorities to believe, in PEM; absent means those of the agent's AWS settings.
  public Optional<String> caCertPem() {
    return caCertPem;
  }

  @Override
  public String toString() {
    return endpoint.uri().toString();
  }
}
