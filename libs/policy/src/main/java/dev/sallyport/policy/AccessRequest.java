package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.pki.VerifiedUser;
import java.time.Instant;
import java.util.Objects;

/// May this user, with these roles, work in this database as this IAM role now?
///
/// @param dbUser as the user wrote it; must be that of the certificate's route
public record AccessRequest(
    VerifiedUser user,
    RoleSet roles,
    Database database,
    String dbUser,
    Circumstances circumstances,
    Instant now) {
  public AccessRequest {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(roles, "roles");
    Objects.requireNonNull(database, "database");
    Objects.requireNonNull(dbUser, "dbUser");
    Objects.requireNonNull(circumstances, "circumstances");
    Objects.requireNonNull(now, "now");
  }
}
