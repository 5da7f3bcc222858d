package dev.sallyport.agent.signing;

import dev.sallyport.agent.aws.AwsClock;
import dev.sallyport.agent.aws.CredentialOutcome.Ready;
import dev.sallyport.agent.aws.SessionName;
import dev.sallyport.agent.http.HeldRequest;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.model.Database;
import dev.sallyport.policy.Permit;
import dev.sallyport.sigv4.Header;
import dev.sallyport.sigv4.RequestToSign;
import dev.sallyport.sigv4.SigV4Signer;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Signs what a permit allows, and nothing else: no permit, no [SignedRequest], no way to AWS.
///
/// Does no input or output; safe for use by any thread.
public final class PermittedSigner {
  private final SigV4Signer signer = new SigV4Signer();
  private final AwsClock clock;
  private final Map<String, EnumMap<AwsService, Destination>> destinations = new HashMap<>();

  /// @param databases those that this agent serves; requests of others cannot be signed
  /// @param addresses of services, where the operator set one for databases without a `uri`
  /// @param clock says the time of signatures
  public PermittedSigner(
      Collection<Database> databases,
      Function<AwsService, Optional<URI>> addresses,
      AwsClock clock) {
    this.clock = clock;
    for (var database : databases) {
      var services = new EnumMap<AwsService, Destination>(AwsService.class);
      for (var service : AwsService.values()) {
        services.put(service, Destination.of(database, service, addresses.apply(service)));
      }
      destinations.put(database.name(), services);
    }
  }

  /// Where requests of a database and service would go, for the record.
  ///
  /// @throws IllegalArgumentException if this agent does not serve the database
  public Destination destination(String database, AwsService service) {
    var services = destinations.get(database);
    var destination = services == null ? null : services.get(service);
    if (destination == null) {
      throw new IllegalArgumentException("database: \"" + database + "\" is not served here");
    }
    return destination;
  }

  /// Signs the held request for the permit's database, now; the signature bears the time of AWS.
  ///
  /// @param credentials must be of the permit's role and user
  /// @throws IllegalArgumentException if the credentials are another's: a fault of this program
  public Signing sign(
      Permit permit, HeldRequest held, AwsService service, Ready credentials, Instant now) {
    if (!now.isBefore(permit.end())) {
      return new Signing.PermitEnded(permit.end());
    }
    requireSame(permit, credentials);
    var destination = destination(permit.database().name(), service);
    var endpoint = destination.endpoint();
    var signed = ForwardedHeaders.signed(held.head());
    var signedAt = clock.at(endpoint, now);
    var proof =
        signer.sign(
            new RequestToSign("POST", "/", "", endpoint.hostHeader(), signed, held.bodySha256()),
            credentials.credentials(),
            endpoint.signingRegion(),
            endpoint.signingName(),
            signedAt);
    var headers = new ArrayList<Header>(signed);
    headers.addAll(ForwardedHeaders.unsigned(held.head()));
    headers.addAll(proof.toAdd());
    return new Signing.Signed(new SignedRequest(destination, held, headers, signedAt));
  }

  /// Whether another signature of the same request would say another time now, since AWS's clock
  /// has been heard.
  public boolean wouldSignOtherwise(SignedRequest request) {
    return clock.wouldSignOtherwise(request.destination().endpoint(), request.signedAt());
  }

  private static void requireSame(Permit permit, Ready credentials) {
    var session = credentials.session();
    if (!session.roleArn().equals(permit.roleArn().toString())
        || !session.sessionName().equals(SessionName.of(permit.user().identity().user()))) {
      throw new IllegalArgumentException("credentials of another role or user than the permit's");
    }
  }
}
