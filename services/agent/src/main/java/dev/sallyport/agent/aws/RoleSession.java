package dev.sallyport.agent.aws;

import dev.sallyport.aws.StsPlace;
import dev.sallyport.model.DatabaseAws;
import java.util.Map;
import java.util.Optional;

/// Everything that shapes one session of an AWS role, and so the key under which its credentials
/// are kept: two users, two tags sets or two regions never share one.
///
/// @param roleArn the role that the user asked for
/// @param sessionName the user's name for CloudTrail, see [SessionName]
/// @param sts which STS is asked
/// @param hop the role that the agent takes first, where the database has one
/// @param externalId sent with the user's role; only without a hop, where it goes with the hop
/// @param marks what the session carries beside its name
public record RoleSession(
    String roleArn,
    String sessionName,
    StsPlace sts,
    Optional<Hop> hop,
    Optional<String> externalId,
    Marks marks) {
  /// The intermediate role (`assume_role_arn`) and the external id that its trust policy wants.
  public record Hop(String roleArn, Optional<String> externalId) {}

  /// What a session carries beside its name.
  ///
  /// @param tags session tags of the user's role, see [SessionTags]
  /// @param sourceIdentity the user, once more, by the rule of [SessionName]; AWS keeps it over all
  ///   further roles
  public record Marks(Map<String, String> tags, Optional<String> sourceIdentity) {
    public Marks {
      tags = Map.copyOf(tags);
    }
  }

  /// One with tags alone.
  RoleSession(
      String roleArn,
      String sessionName,
      StsPlace sts,
      Optional<Hop> hop,
      Optional<String> externalId,
      Map<String, String> tags) {
    this(roleArn, sessionName, sts, hop, externalId, new Marks(tags, Optional.empty()));
  }

  /// The session of a user in a role, as this database's settings shape it.
  ///
  /// @param tags those of the user
  public static RoleSession of(
      DatabaseAws settings, String roleArn, String user, SessionTags.Made.Tags tags) {
    var hop = settings.assumeRoleArn().map(arn -> new Hop(arn, settings.externalId()));
    return new RoleSession(
        roleArn,
        SessionName.of(user),
        new StsPlace(
            settings.region(),
            settings.endpoints().wantsFips(),
            settings.endpoints().wantsDualStack()),
        hop,
        hop.isPresent() ? Optional.empty() : settings.externalId(),
        new Marks(
            tags.byKey(),
            settings.marks().sourceIdentity()
                ? Optional.of(SessionName.of(user))
                : Optional.empty()));
  }
}
