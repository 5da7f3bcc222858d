package dev.sallyport.model;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where in AWS a database is, and how the agent gets there.
///
/// @param region may be empty where the `uri` says it; a {@link Database} always has it
/// @param assumeRoleArn a role that the agent assumes before the user's
/// @param externalId handed to AWS with the agent's first AssumeRole
/// @param marks what sessions of users' roles carry beside their name
/// @param endpoints which of AWS's endpoints are used
public record DatabaseAws(
    String region,
    String accountId,
    Optional<String> assumeRoleArn,
    Optional<String> externalId,
    AwsSessionMarks marks,
    AwsEndpointChoice endpoints) {
  private static final Pattern EXTERNAL_ID = Pattern.compile("[A-Za-z0-9_+=,.@:/-]{2,1224}");

  public DatabaseAws {
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(accountId, "accountId");
    Objects.requireNonNull(assumeRoleArn, "assumeRoleArn");
    Objects.requireNonNull(externalId, "externalId");
    Objects.requireNonNull(endpoints, "endpoints");
    Objects.requireNonNull(marks, "marks");
    assumeRoleArn.ifPresent(DatabaseAws::checkArn);
    externalId.ifPresent(DatabaseAws::checkExternalId);
  }

  /// One that leaves the endpoints to whoever serves it.
  public DatabaseAws(
      String region,
      String accountId,
      Optional<String> assumeRoleArn,
      Optional<String> externalId,
      Map<String, String> sessionTags) {
    this(
        region,
        accountId,
        assumeRoleArn,
        externalId,
        AwsSessionMarks.tagged(sessionTags),
        AwsEndpointChoice.OPEN);
  }

  public static DatabaseAws of(String region, String accountId) {
    return new DatabaseAws(region, accountId, Optional.empty(), Optional.empty(), Map.of());
  }

  DatabaseAws inRegion(String effective) {
    return new DatabaseAws(effective, accountId, assumeRoleArn, externalId, marks, endpoints);
  }

  public DatabaseAws withEndpoints(AwsEndpointChoice choice) {
    return new DatabaseAws(region, accountId, assumeRoleArn, externalId, marks, choice);
  }

  /// The same, reached by another role of the agent's, with its external id or none.
  DatabaseAws through(Optional<String> role, Optional<String> ofRole) {
    return new DatabaseAws(region, accountId, role, ofRole, marks, endpoints);
  }

  /// The same without what is only between the agent and AWS.
  public DatabaseAws withoutExternalId() {
    return new DatabaseAws(region, accountId, assumeRoleArn, Optional.empty(), marks, endpoints);
  }

  static void checkArn(String arn) {
    try {
      RoleArn.parse(arn);
    } catch (InvalidRoleArn e) {
      throw new InvalidDatabase(
          "aws.assume_role_arn",
          e.getMessage() + " (expected: like arn:aws:iam::123456789012:role/Name)");
    }
  }

  static void checkExternalId(String externalId) {
    faultOfExternalId(externalId)
        .ifPresent(fault -> {
          throw new InvalidDatabase("aws.external_id", fault);
        });
  }

  /// Why AWS would not take this as an external id; nothing if it would.
  public static Optional<String> faultOfExternalId(String externalId) {
    return EXTERNAL_ID.matcher(externalId).matches()
        ? Optional.empty()
        : Optional.of(
            "AWS external ID %s must have 2 to 1224 letters, digits and any of _+=,.@:/-"
                .formatted(Quoted.of(externalId)));
  }
}
