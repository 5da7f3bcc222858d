package dev.sallyport.model;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Where in AWS a database is, and how the agent gets there.
///
/// @param region may be empty where the `uri` says it; a {@link Database} always has it
/// @param assumeRoleArn a role that the agent assumes before the user's
/// @param externalId handed to AWS with the agent's first AssumeRole
/// @param sessionTags handed to AWS when the user's role is assumed
/// @param endpoints which of AWS's endpoints are used
public record DatabaseAws(
    String region,
    String accountId,
    Optional<String> assumeRoleArn,
    Optional<String> externalId,
    Map<String, String> sessionTags,
    AwsEndpointChoice endpoints) {
  private static final int MAX_TAGS = 50;
  private static final int MAX_TAG_VALUE = 256;
  private static final Pattern TAG_TEXT = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");
  private static final int MAX_TAG_KEY = 128;
  private static final Pattern EXTERNAL_ID = Pattern.compile("[A-Za-z0-9_+=,.@:/-]{2,1224}");

  public DatabaseAws {
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(accountId, "accountId");
    Objects.requireNonNull(assumeRoleArn, "assumeRoleArn");
    Objects.requireNonNull(externalId, "externalId");
    Objects.requireNonNull(endpoints, "endpoints");
    sessionTags = Frozen.map(sessionTags);
    assumeRoleArn.ifPresent(DatabaseAws::checkArn);
    externalId.ifPresent(DatabaseAws::checkExternalId);
    checkTags(sessionTags);
  }

  /// One that leaves the endpoints to whoever serves it.
  public DatabaseAws(
      String region,
      String accountId,
      Optional<String> assumeRoleArn,
      Optional<String> externalId,
      Map<String, String> sessionTags) {
    this(region, accountId, assumeRoleArn, externalId, sessionTags, AwsEndpointChoice.OPEN);
  }

  public static DatabaseAws of(String region, String accountId) {
    return new DatabaseAws(region, accountId, Optional.empty(), Optional.empty(), Map.of());
  }

  DatabaseAws inRegion(String effective) {
    return new DatabaseAws(effective, accountId, assumeRoleArn, externalId, sessionTags, endpoints);
  }

  public DatabaseAws withEndpoints(AwsEndpointChoice choice) {
    return new DatabaseAws(region, accountId, assumeRoleArn, externalId, sessionTags, choice);
  }

  /// The same without what is only between the agent and AWS.
  public DatabaseAws withoutExternalId() {
    return new DatabaseAws(
        region, accountId, assumeRoleArn, Optional.empty(), sessionTags, endpoints);
  }

  private static void checkArn(String arn) {
    try {
      RoleArn.parse(arn);
    } catch (InvalidRoleArn e) {
      throw new InvalidDatabase(
          "aws.assume_role_arn",
          e.getMessage() + " (expected: like arn:aws:iam::123456789012:role/Name)");
    }
  }

  private static void checkExternalId(String externalId) {
    if (!EXTERNAL_ID.matcher(externalId).matches()) {
      throw new InvalidDatabase(
          "aws.external_id",
          "AWS external ID %s must have 2 to 1224 letters, digits and any of _+=,.@:/-"
              .formatted(Quoted.of(externalId)));
    }
  }

  private static void checkTags(Map<String, String> tags) {
    if (tags.size() > MAX_TAGS) {
      throw new InvalidDatabase(
          "aws.session_tags",
          "%d session tags (AWS allows at most %d)".formatted(tags.size(), MAX_TAGS));
    }
    var keys = new TreeSet<String>();
    tags.forEach((key, value) -> {
      var right =
          !key.isEmpty()
              && key.length() <= MAX_TAG_KEY
              && value.length() <= MAX_TAG_VALUE
              && !key.toLowerCase(Locale.ROOT).startsWith("aws:")
              && TAG_TEXT.matcher(key).matches()
              && TAG_TEXT.matcher(value).matches();
      if (!right) {
        throw new InvalidDatabase(
            "aws.session_tags",
            ("session tag %s: %s is not one that AWS takes (key 1 to %d and value up to %d"
                    + " letters, digits, blanks and any of _.:/=+-@; no key begins with aws:)")
                .formatted(Quoted.of(key), Quoted.of(value), MAX_TAG_KEY, MAX_TAG_VALUE));
      }
      if (!keys.add(key.toLowerCase(Locale.ROOT))) {
        throw new InvalidDatabase(
            "aws.session_tags",
            "session tag %s comes twice; AWS does not tell upper from lower case"
                .formatted(Quoted.of(key)));
      }
    });
  }
}
