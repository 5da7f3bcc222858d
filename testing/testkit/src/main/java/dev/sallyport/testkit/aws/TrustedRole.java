package dev.sallyport.testkit.aws;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// An IAM role and its trust policy.
///
/// @param arn the role's ARN
/// @param trusted who may assume it: ARNs of users and roles, or of an account's root for all of it
/// @param externalId what the caller must say, if anything
/// @param sessionTagsAllowed whether the trust policy has `sts:TagSession`
/// @param sourceIdentityAllowed whether the trust policy has `sts:SetSourceIdentity`
/// @param sessionMax the role's own maximum
public record TrustedRole(
    String arn,
    Set<String> trusted,
    Optional<String> externalId,
    boolean sessionTagsAllowed,
    boolean sourceIdentityAllowed,
    Duration sessionMax) {

  private static final Duration SESSION_DEFAULT = Duration.ofHours(1);

  /// Copies the set.
  public TrustedRole {
    trusted = Set.copyOf(trusted);
  }

  /// A role that trusts these, with nothing but plain `sts:AssumeRole`.
  public static TrustedRole trusting(String arn, String... principals) {
    return new TrustedRole(
        arn, Set.of(principals), Optional.empty(), false, false, SESSION_DEFAULT);
  }

  /// The same, but the caller must say the external id.
  public TrustedRole withExternalId(String required) {
    return new TrustedRole(
        arn, trusted, Optional.of(required), sessionTagsAllowed, sourceIdentityAllowed, sessionMax);
  }

  /// The same, but session tags are taken.
  public TrustedRole withSessionTags() {
    return new TrustedRole(arn, trusted, externalId, true, sourceIdentityAllowed, sessionMax);
  }

  /// The same, but a source identity is taken.
  public TrustedRole withSourceIdentity() {
    return new TrustedRole(arn, trusted, externalId, sessionTagsAllowed, true, sessionMax);
  }

  /// The same with another maximum.
  public TrustedRole withSessionMax(Duration maximum) {
    return new TrustedRole(
        arn, trusted, externalId, sessionTagsAllowed, sourceIdentityAllowed, maximum);
  }

  /// Whether the trust policy names the caller.
  boolean trusts(AccessKey caller) {
    return trusted.contains(caller.principal())
        || caller.role().map(trusted::contains).orElse(false)
        || trusted.contains("arn:aws:iam::" + caller.accountId() + ":root");
  }
}
