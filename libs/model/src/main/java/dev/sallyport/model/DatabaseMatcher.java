package dev.sallyport.model;

import java.util.Objects;
import java.util.Optional;

/// Chooses, by labels, databases that were created in the cluster, for a Database Service to serve.
///
/// @param labels what a database must have
/// @param assumeRoleArn the role that the agent assumes before the user's, instead of what the
///   database says
/// @param externalId handed to AWS with that role
public record DatabaseMatcher(
    LabelSelector labels, Optional<String> assumeRoleArn, Optional<String> externalId) {
  /// Checks that an external id comes with its role.
  public DatabaseMatcher {
    Objects.requireNonNull(labels, "labels");
    assumeRoleArn.ifPresent(DatabaseAws::checkArn);
    externalId.ifPresent(DatabaseAws::checkExternalId);
    if (externalId.isPresent() && assumeRoleArn.isEmpty()) {
      throw new InvalidDatabase(
          "aws.external_id", "needs aws.assume_role_arn, to which it belongs");
    }
  }

  /// The database as this matcher has it served.
  public Database applied(Database database) {
    return assumeRoleArn.isEmpty()
        ? database
        : database.withAws(database.aws().through(assumeRoleArn, externalId));
  }
}
