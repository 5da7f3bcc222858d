package dev.sallyport.agent.aws;

import dev.sallyport.agent.aws.CredentialOutcome.NoAgentCredentials;
import dev.sallyport.agent.aws.CredentialOutcome.Ready;
import dev.sallyport.agent.aws.CredentialOutcome.Unavailable;
import dev.sallyport.aws.AwsSettings;
import dev.sallyport.aws.OwnCredentials;
import dev.sallyport.aws.OwnCredentials.Resolved;
import dev.sallyport.aws.Owner;
import dev.sallyport.aws.StsCalls;
import dev.sallyport.aws.StsPlace;
import dev.sallyport.sigv4.SecretKeyBytes;
import dev.sallyport.sigv4.SigningCredentials;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Tag;

/// Takes the user's role by AssumeRole: agent → the database's `assume_role_arn`, if it has one →
/// the user's role. The external id goes with the first of these calls, the session tags with the
/// last. Both sessions carry the user's name, so that CloudTrail shows who it was at each step.
///
/// Tags and a source identity only where the database's configuration says so: the trust policy of
/// the guide allows plain `sts:AssumeRole` and AWS would refuse the rest. A source identity goes
/// with the first call; AWS keeps it for the next one, and asks that role's trust policy for it
/// too.
public final class StsRoleAssumer implements RoleAssumer, AutoCloseable {
  /// Whose credentials those are by which it takes the roles.
  static final Owner OWNER = new Owner("Database Service", "sallyport-agent");

  private static final CredentialOutcome WITHOUT =
      new Unavailable("AWS STS answered without credentials");

  private final OwnCredentials own;
  private final StsCalls sts;
  private final InstantSource clock;

  /// Connects to nobody until it is asked.
  ///
  /// @param place the STS that is asked for roles of the agent's own
  /// @throws IllegalArgumentException if a variable of the environment makes no sense
  public StsRoleAssumer(AwsSettings settings, Supplier<StsPlace> place, InstantSource clock) {
    this.clock = clock;
    sts = new StsCalls(settings);
    own = OwnCredentials.of(OWNER, settings, sts, place, clock);
  }

  /// Why the agent has no credentials of its own now; nothing if it has some.
  public Optional<String> whyWithoutCredentials() {
    return own.whyNot();
  }

  @Override
  public CredentialOutcome assume(RoleSession session) {
    return switch (own.resolve()) {
      case Resolved.Found found -> assume(session, found.credentials());
      case Resolved.Missing missing ->
          missing.passing()
              ? new Unavailable(missing.reason())
              : new NoAgentCredentials(missing.reason());
    };
  }

  private CredentialOutcome assume(RoleSession session, AwsCredentials base) {
    if (session.hop().isEmpty()) {
      return last(session, base);
    }
    var hop = session.hop().get();
    var request =
        AssumeRoleRequest.builder()
            .roleArn(hop.roleArn())
            .roleSessionName(session.sessionName())
            .externalId(hop.externalId().orElse(null))
            .sourceIdentity(session.marks().sourceIdentity().orElse(null))
            .build();
    try {
      var between = sts.assumeRole(base, request, session.sts()).credentials();
      return StsCalls.whole(between) ? last(session, StsCalls.sdk(between)) : WITHOUT;
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
            .tags(tags(session))
            .sourceIdentity(
                session.hop().isEmpty() ? session.marks().sourceIdentity().orElse(null) : null)
            .build();
    try {
      return ready(session, sts.assumeRole(as, request, session.sts()));
    } catch (SdkException e) {
      return StsRefusals.outcome(
          e, asked(session.roleArn(), session, true), () -> who(as, session));
    }
  }

  private Optional<String> who(AwsCredentials as, RoleSession session) {
    return sts.callerArn(as, session.sts());
  }

  private static List<Tag> tags(RoleSession session) {
    var tags = new ArrayList<Tag>();
    session
        .marks()
        .tags()
        .forEach((key, value) -> tags.add(Tag.builder().key(key).value(value).build()));
    return tags;
  }

  private static StsRefusals.Asked asked(String role, RoleSession session, boolean last) {
    return new StsRefusals.Asked(
        role,
        session.sts().region(),
        last && !session.marks().tags().isEmpty(),
        session.marks().sourceIdentity().isPresent(),
        last
            ? session.externalId().isPresent()
            : session.hop().flatMap(RoleSession.Hop::externalId).isPresent());
  }

  private CredentialOutcome ready(RoleSession session, AssumeRoleResponse answer) {
    var given = answer.credentials();
    if (!StsCalls.whole(given)) {
      return WITHOUT;
    }
    return new Ready(
        session,
        new SigningCredentials(
            given.accessKeyId(),
            SecretKeyBytes.of(given.secretAccessKey()),
            Optional.of(given.sessionToken()),
            Optional.ofNullable(given.expiration()).map(end -> StsCalls.here(clock, end, answer))));
  }

  @Override
  public void close() {
    sts.close();
    own.close();
  }
}
