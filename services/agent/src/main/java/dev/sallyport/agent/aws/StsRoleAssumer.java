package dev.sallyport.agent.aws;

import dev.sallyport.agent.aws.CredentialOutcome.NoAgentCredentials;
import dev.sallyport.agent.aws.CredentialOutcome.Ready;
import dev.sallyport.agent.aws.CredentialOutcome.Unavailable;
import dev.sallyport.sigv4.SecretKeyBytes;
import dev.sallyport.sigv4.SigningCredentials;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Credentials;

/// Takes the user's role by AssumeRole: agent → the database's `assume_role_arn`, if it has one →
/// the user's role. The external id goes with the first of these calls, the session tags with the
/// last. Both sessions carry the user's name, so that CloudTrail shows who it was at each step.
///
/// No source identity: the trust policy of the guide allows plain `sts:AssumeRole` and AWS would
/// refuse the rest.
public final class StsRoleAssumer implements RoleAssumer, AutoCloseable {
  private static final CredentialOutcome WITHOUT =
      new Unavailable("AWS STS answered without credentials");

  private final AgentCredentials own;
  private final StsCalls sts;
  private final InstantSource clock;

  /// Connects to nobody until it is asked.
  ///
  /// @throws IllegalArgumentException if a variable of the environment makes no sense
  public StsRoleAssumer(AwsSettings settings, InstantSource clock) {
    this.clock = clock;
    own = AgentCredentials.of(settings);
    sts = new StsCalls(settings);
  }

  /// Whether the agent has credentials of its own now.
  public boolean hasCredentials() {
    return own.resolve().isPresent();
  }

  @Override
  public CredentialOutcome assume(RoleSession session) {
    var base = own.resolve();
    if (base.isEmpty()) {
      return new NoAgentCredentials(
          "the Database Service has no AWS credentials: " + AgentCredentials.HOW_TO_SET);
    }
    if (session.hop().isEmpty()) {
      return last(session, base.get());
    }
    var hop = session.hop().get();
    var request =
        AssumeRoleRequest.builder()
            .roleArn(hop.roleArn())
            .roleSessionName(session.sessionName())
            .externalId(hop.externalId().orElse(null))
            .build();
    try {
      var between = sts.assumeRole(base.get(), request, session.sts()).credentials();
      return whole(between) ? last(session, sdk(between)) : WITHOUT;
    } catch (SdkException e) {
      return StsRefusals.outcome(e, asked(hop.roleArn(), session, false), () -> who(base, session));
    }
  }

  private CredentialOutcome last(RoleSession session, AwsCredentials as) {
    var request =
        AssumeRoleRequest.builder()
            .roleArn(session.roleArn())
            .roleSessionName(session.sessionName())
            .externalId(session.externalId().orElse(null))
            .tags(StsCalls.tags(session))
            .build();
    try {
      return ready(session, sts.assumeRole(as, request, session.sts()));
    } catch (SdkException e) {
      return StsRefusals.outcome(
          e, asked(session.roleArn(), session, true), () -> who(Optional.of(as), session));
    }
  }

  private Optional<String> who(Optional<AwsCredentials> as, RoleSession session) {
    return as.flatMap(credentials -> sts.callerArn(credentials, session.sts()));
  }

  private static StsRefusals.Asked asked(String role, RoleSession session, boolean last) {
    return new StsRefusals.Asked(
        role,
        session.sts().region(),
        last && !session.tags().isEmpty(),
        last
            ? session.externalId().isPresent()
            : session.hop().flatMap(RoleSession.Hop::externalId).isPresent());
  }

  private CredentialOutcome ready(RoleSession session, AssumeRoleResponse answer) {
    var given = answer.credentials();
    if (!whole(given)) {
      return WITHOUT;
    }
    return new Ready(
        session,
        new SigningCredentials(
            given.accessKeyId(),
            SecretKeyBytes.of(given.secretAccessKey()),
            Optional.of(given.sessionToken()),
            Optional.ofNullable(given.expiration()).map(end -> here(end, answer))));
  }

  /// AWS tells an end by its own clock, and this host's may differ: how long the credentials live
  /// is what counts.
  private Instant here(Instant end, AssumeRoleResponse answer) {
    return answer
        .sdkHttpResponse()
        .firstMatchingHeader("Date")
        .flatMap(AwsClock::parsed)
        .map(aws -> clock.instant().plus(Duration.between(aws, end)))
        .orElse(end);
  }

  /// The SDK takes what is not in the answer for null.
  private static boolean whole(@Nullable Credentials given) {
    return given != null
        && given.accessKeyId() != null
        && given.secretAccessKey() != null
        && given.sessionToken() != null;
  }

  private static AwsCredentials sdk(Credentials given) {
    return AwsSessionCredentials.create(
        given.accessKeyId(), given.secretAccessKey(), given.sessionToken());
  }

  @Override
  public void close() {
    sts.close();
    own.close();
  }
}
