package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.model.RoleArn;
import dev.sallyport.pki.VerifiedUser;
import java.time.Instant;

/// Proof that {@link AccessPolicy} allowed a request; nobody else can make one. It was true when it
/// was given: who keeps it looks at {@link #end()}, and asks again when roles change.
public final class Permit implements Decision {
  private final String role;
  private final RoleArn roleArn;
  private final Database database;
  private final VerifiedUser user;

  Permit(String role, RoleArn roleArn, Database database, VerifiedUser user) {
    this.role = role;
    this.roleArn = roleArn;
    this.database = database;
    this.user = user;
  }

  /// The role of the cluster that allowed it.
  public String role() {
    return role;
  }

  /// The IAM role to assume.
  public RoleArn roleArn() {
    return roleArn;
  }

  public Database database() {
    return database;
  }

  public VerifiedUser user() {
    return user;
  }

  /// The first instant at which it is worth nothing: the certificate's end.
  public Instant end() {
    return user.notAfter();
  }

  @Override
  public String toString() {
    return "Permit[%s as %s in %s by role %s until %s]"
        .formatted(user, roleArn, database.name(), role, end());
  }
}
