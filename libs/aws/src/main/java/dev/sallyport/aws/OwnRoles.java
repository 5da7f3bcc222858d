package dev.sallyport.aws;

import dev.sallyport.aws.CredentialSource.Own;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.Credentials;

/// The roles by which a service gets its own credentials, before it takes any for users: over the
/// same connections as those, so that endpoints, FIPS and authorities are the same.
record OwnRoles(Owner owner, StsCalls sts, InstantSource clock) {
  private static final Set<String> DENIED = Set.of("AccessDenied", "AccessDeniedException");
  private static final Set<String> LATER =
      Set.of("IDPCommunicationError", "IDPCommunicationErrorException", "Throttling");

  /// A role, and how it is asked for.
  ///
  /// @param sessionName what the operator calls the session
  record Asked(
      String role, Optional<String> sessionName, Optional<String> externalId, StsPlace place) {}

  /// By a token, without credentials.
  Own byToken(Asked asked, Path file) throws SourceFailure {
    var request =
        AssumeRoleWithWebIdentityRequest.builder()
            .roleArn(asked.role)
            .roleSessionName(asked.sessionName.orElse(owner.session()))
            .webIdentityToken(WebIdentitySource.token(file))
            .build();
    try {
      var answer = sts.assumeRoleWithWebIdentity(request, asked.place);
      return own(answer.credentials(), answer);
    } catch (SdkException e) {
      throw failure(e, asked, "the token in " + file, "sts:AssumeRoleWithWebIdentity");
    }
  }

  /// By other credentials of the service's own.
  ///
  /// @param whose how messages call them
  Own by(AwsCredentials source, String whose, Asked asked) throws SourceFailure {
    var request =
        AssumeRoleRequest.builder()
            .roleArn(asked.role)
            .roleSessionName(asked.sessionName.orElse(owner.session()))
            .externalId(asked.externalId.orElse(null))
            .build();
    try {
      var answer = sts.assumeRole(source, request, asked.place);
      return own(answer.credentials(), answer);
    } catch (SdkException e) {
      throw failure(e, asked, whose, "sts:AssumeRole");
    }
  }

  private Own own(@Nullable Credentials given, AwsResponse answer) throws SourceFailure {
    if (given == null || !StsCalls.whole(given)) {
      throw SourceFailure.passing("AWS STS answered without credentials");
    }
    return new Own(
        StsCalls.sdk(given),
        Optional.ofNullable(given.expiration()).map(it -> StsCalls.here(clock, it, answer)));
  }

  private static SourceFailure failure(SdkException e, Asked asked, String whose, String action) {
    if (!(e instanceof AwsServiceException refusal) || refusal.awsErrorDetails() == null) {
      return SourceFailure.passing("AWS STS of " + asked.place.region() + " cannot be reached")
          .withDetail(StsCalls.causes(e));
    }
    var code = String.valueOf(refusal.awsErrorDetails().errorCode());
    var said = String.valueOf(refusal.awsErrorDetails().errorMessage());
    if (refusal.statusCode() >= 500 || LATER.contains(code) || refusal.isThrottlingException()) {
      return SourceFailure.passing(
          "AWS STS of " + asked.place.region() + " cannot answer now (" + code + ")");
    }
    if (DENIED.contains(code)) {
      return SourceFailure.broken(
              "role %s does not exist or does not trust %s (%s)"
                  .formatted(asked.role, whose, action))
          .withDetail(said);
    }
    if (code.startsWith("ExpiredToken")) {
      return SourceFailure.broken(whose + " has ended").withDetail(said);
    }
    return SourceFailure.broken(
            "AWS STS does not take %s for role %s (%s)".formatted(whose, asked.role, code))
        .withDetail(said);
  }
}
