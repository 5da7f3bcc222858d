package dev.sallyport.agent.aws;

import dev.sallyport.aws.AwsSettings;
import dev.sallyport.aws.OwnCredentials;
import dev.sallyport.aws.OwnCredentials.Resolved;
import dev.sallyport.aws.StsCalls;
import dev.sallyport.aws.StsPlace;
import dev.sallyport.control.CallerIdentityCall;
import dev.sallyport.control.CallerProof;
import dev.sallyport.control.JoinChallenge;
import dev.sallyport.control.JoinChallengeRequest;
import dev.sallyport.control.JoinDoor;
import dev.sallyport.control.host.JoinProof;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.Pem;
import dev.sallyport.sigv4.Header;
import dev.sallyport.sigv4.RequestToSign;
import dev.sallyport.sigv4.SecretKeyBytes;
import dev.sallyport.sigv4.SigV4Signer;
import dev.sallyport.sigv4.SigningCredentials;
import java.io.IOException;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// Joins as whom AWS takes this host for: signs a `GetCallerIdentity` request, which the Auth
/// Service sends. AWS is not called from here, and the secret key stays here. The signature is good
/// for that one question, and the cluster can use it for this host's key alone.
public final class SignedCaller implements JoinProof {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.\\[\\]:-]{1,255}");
  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final String SIGNATURE = "Signature=";

  private final String token;
  private final AwsSettings settings;
  private final StsPlace place;
  private final InstantSource clock;

  /// @param token its name, which is no secret
  /// @param place whose region is asked; also the STS that is asked for the host's own roles
  public SignedCaller(String token, AwsSettings settings, StsPlace place, InstantSource clock) {
    this.token = token;
    this.settings = settings;
    this.place = place;
    this.clock = clock;
  }

  @Override
  public Shown show(JoinDoor door, PublicKey key) throws IOException {
    var credentials = credentials();
    var challenge =
        door.challenge(new JoinChallengeRequest(token, Pem.encode(key), place.region()));
    if (!HOST.matcher(challenge.host()).matches()
        || !CHALLENGE.matcher(challenge.challenge()).matches()
        || !challenge.region().equals(place.region())) {
      throw new IOException("the cluster asked for a signature that is not for AWS STS");
    }
    return Shown.caller(token, sign(credentials, challenge, key));
  }

  private SigningCredentials credentials() throws IOException {
    try (var sts = new StsCalls(settings);
        var own = OwnCredentials.of(StsRoleAssumer.OWNER, settings, sts, () -> place, clock)) {
      return switch (own.resolve()) {
        case Resolved.Found(AwsCredentials found) -> signing(found);
        case Resolved.Missing missing ->
            throw new IOException(
                "join method iam needs AWS credentials of this host: " + missing.reason());
      };
    }
  }

  private static SigningCredentials signing(AwsCredentials found) {
    return new SigningCredentials(
        found.accessKeyId(),
        SecretKeyBytes.of(found.secretAccessKey()),
        found instanceof AwsSessionCredentials session
            ? Optional.of(session.sessionToken())
            : Optional.empty(),
        Optional.empty());
  }

  private CallerProof sign(SigningCredentials credentials, JoinChallenge challenge, PublicKey key) {
    var headers =
        CallerIdentityCall.headers(challenge.challenge(), key).entrySet().stream()
            .map(header -> new Header(header.getKey(), header.getValue()))
            .toList();
    var signed =
        new SigV4Signer()
            .sign(
                new RequestToSign(
                    "POST", "/", "", challenge.host(), headers, CallerIdentityCall.bodySha256()),
                credentials,
                challenge.region(),
                CallerIdentityCall.SERVICE,
                clock.instant());
    var authorization = signed.authorization();
    return new CallerProof(
        challenge.challenge(),
        credentials.accessKeyId(),
        date(signed.toAdd()),
        credentials.sessionToken().map(Secret::of),
        authorization.substring(authorization.lastIndexOf(SIGNATURE) + SIGNATURE.length()));
  }

  private static String date(List<Header> added) {
    return added.stream()
        .filter(header -> header.name().equalsIgnoreCase("X-Amz-Date"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Override
  public String hint(SystemRole role) {
    return "The cluster does not let this host join by its AWS identity: the reason says why. See"
        + " the allow rules of the token that join_params.token_name names ('tctl get token')";
  }
}
