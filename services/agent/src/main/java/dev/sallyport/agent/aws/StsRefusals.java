package dev.sallyport.agent.aws;

import dev.sallyport.agent.aws.CredentialOutcome.NoAgentCredentials;
import dev.sallyport.agent.aws.CredentialOutcome.Refused;
import dev.sallyport.agent.aws.CredentialOutcome.Unavailable;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// Turns what STS or the way to it said into an outcome with a hint. Decides by error code and
/// status, never by message text; AWS's own text is shown behind the hint.
final class StsRefusals {
  private static final Set<String> DENIED = Set.of("AccessDenied", "AccessDeniedException");

  /// Codes by which AWS says that the caller's own credentials are no good.
  private static final Set<String> BAD_CREDENTIALS =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "InvalidClientTokenId",
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "UnrecognizedClientException",
          "MissingAuthenticationToken",
          "IncompleteSignature");

  private static final Set<String> BUSY =
      Set.of("Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests");
  private static final int MAX_AWS_TEXT = 500;
  private static final Pattern ASSUMED =
      Pattern.compile("arn:([a-z-]+):sts::([0-9]{12}):assumed-role/([^/]+)/.*");

  private StsRefusals() {}

  /// What was asked for.
  ///
  /// @param role the role's ARN
  /// @param region whose STS was asked
  /// @param withTags whether session tags went along
  /// @param withSource whether a source identity did, with this call or the one before
  /// @param withExternalId whether an external id went along
  record Asked(
      String role, String region, boolean withTags, boolean withSource, boolean withExternalId) {}

  /// @param who asks AWS whose credentials were used; called only where the hint names them
  static CredentialOutcome outcome(SdkException e, Asked asked, Supplier<Optional<String>> who) {
    if (!(e instanceof AwsServiceException refusal) || refusal.awsErrorDetails() == null) {
      return new Unavailable(
          "AWS STS of " + asked.region() + " cannot be reached: " + clipped(e.getMessage()));
    }
    var code = String.valueOf(refusal.awsErrorDetails().errorCode());
    var text = clipped(refusal.awsErrorDetails().errorMessage());
    if (DENIED.contains(code)) {
      var agent =
          who.get()
              .map(StsRefusals::principal)
              .orElse("(unknown; see the Database Service's AWS credentials)");
      return new Refused(
          missing(asked, text).map(it -> forbidden(it, asked, agent)).orElse(distrust(asked, agent))
              + ". AWS says: "
              + text);
    }
    if (BAD_CREDENTIALS.contains(code)) {
      return new NoAgentCredentials(
          "AWS does not take the Database Service's own credentials ("
              + code
              + ": "
              + text
              + "): "
              + StsRoleAssumer.OWNER.howToSet()
              + ", and check its clock");
    }
    if (code.equals("RegionDisabledException")) {
      return new Refused(
          "AWS STS is not activated in region " + asked.region() + " for this account: " + text);
    }
    if (refusal.statusCode() >= 500 || BUSY.contains(code) || refusal.isThrottlingException()) {
      return new Unavailable("AWS STS of " + asked.region() + " cannot answer now (" + code + ")");
    }
    return new Refused(
        "AWS STS refused the request for role " + asked.role() + " (" + code + "): " + text);
  }

  /// The permission beside `sts:AssumeRole` that AWS misses. It has one code for all of them, so
  /// its text is looked at; only the wording of the hint depends on that.
  private static Optional<Extra> missing(Asked asked, String text) {
    for (var extra : Extra.values()) {
      if (extra.went(asked) && text.contains("perform: " + extra.action + " ")) {
        return Optional.of(extra);
      }
    }
    return Optional.empty();
  }

  /// What goes along with AssumeRole, and needs a permission of its own.
  private enum Extra {
    TAGS("sts:TagSession", "session tags (session_tags, session_tags_from_traits)"),
    SOURCE("sts:SetSourceIdentity", "a source identity (source_identity)");

    final String action;
    final String what;

    Extra(String action, String what) {
      this.action = action;
      this.what = what;
    }

    boolean went(Asked asked) {
      return switch (this) {
        case TAGS -> asked.withTags();
        case SOURCE -> asked.withSource();
      };
    }
  }

  private static String forbidden(Extra extra, Asked asked, String agent) {
    return ("%s is missing: the database's configuration asks for %s, so the trust policy of role"
            + " %s must allow %s to agent role %s, and the agent's own policy must allow it"
            + " too")
        .formatted(extra.action, extra.what, asked.role(), extra.action, agent);
  }

  private static String distrust(Asked asked, String agent) {
    var hint =
        new StringBuilder("role ").append(asked.role()).append(" does not trust agent role ");
    hint.append(agent);
    hint.append(" or does not exist; its trust policy must allow sts:AssumeRole");
    if (asked.withTags()) {
      hint.append(" and sts:TagSession");
    }
    if (asked.withSource()) {
      hint.append(" and sts:SetSourceIdentity");
    }
    hint.append(" to it");
    if (asked.withExternalId()) {
      hint.append(" under the external_id of the database's configuration");
    } else {
      hint.append(" without a condition on sts:ExternalId, since no external_id is configured");
    }
    return hint.append(", and the agent's own policy must allow the call").toString();
  }

  /// A trust policy names the role, not the session of it.
  private static String principal(String arn) {
    var assumed = ASSUMED.matcher(arn);
    return assumed.matches()
        ? "arn:" + assumed.group(1) + ":iam::" + assumed.group(2) + ":role/" + assumed.group(3)
        : arn;
  }

  private static String clipped(@Nullable String text) {
    if (text == null) {
      return "(no text)";
    }
    return text.length() <= MAX_AWS_TEXT ? text : text.substring(0, MAX_AWS_TEXT) + "…";
  }
}
