package dev.sallyport.agent.signing;

import dev.sallyport.agent.aws.AwsClock;
import dev.sallyport.agent.aws.CredentialOutcome.Ready;
import dev.sallyport.agent.aws.SessionName;
import dev.sallyport.agent.http.HeldRequest;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.policy.Permit;
import dev.sallyport.sigv4.Header;
import dev.sallyport.sigv4.RequestToSign;
import dev.sallyport.sigv4.SigV4Signer;
import java.time.Instant;
import java.util.ArrayList;

/// Signs what a permit allows, and nothing else: no permit, no [SignedRequest], no way to AWS.
///
/// Does no input or output; safe for use by any thread.
public final class PermittedSigner {
  private final SigV4Signer signer = new SigV4Signer();
  private final AwsClock clock;
  private final ServedDatabases databases;

  /// @param databases requests of others cannot be signed
  /// @param clock says the time of signatures
  public PermittedSigner(ServedDatabases databases, AwsClock clock) {
    this.databases = databases;
    this.clock = clock;
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
    var found = databases.destination(permit.database(), service);
    if (found.isEmpty()) {
      return new Signing.DatabaseChanged();
    }
    var destination = found.get();
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
