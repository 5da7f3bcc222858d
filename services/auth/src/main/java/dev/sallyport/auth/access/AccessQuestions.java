package dev.sallyport.auth.access;

import dev.sallyport.auth.locks.LockCheck;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.AccessExplained;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.User;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.policy.AccessExplainer;
import dev.sallyport.policy.AccessExplanation;
import dev.sallyport.policy.Circumstances;
import dev.sallyport.policy.RoleSet;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Answers what an agent would say to somebody before they try, by the same engine and the cluster
/// as it is now: the roles and traits that the user's next sign-in would have, and the locks.
public final class AccessQuestions {
  private final ResourceState resources;
  private final LockCheck locks;
  private final BooleanSupplier mfaRequired;
  private final String clusterName;

  /// @param mfaRequired whether the cluster asks every session for a second factor now
  public AccessQuestions(
      ResourceState resources, LockCheck locks, BooleanSupplier mfaRequired, String clusterName) {
    this.resources = resources;
    this.locks = locks;
    this.mfaRequired = mfaRequired;
    this.clusterName = clusterName;
  }

  /// @param mfaVerified whether to suppose that the session has a second factor
  /// @throws ControlException of kind NOT_FOUND when there is no such user, or no agent announces
  ///   the database
  public AccessExplained explain(
      String userName, String databaseName, String dbUser, boolean mfaVerified) {
    var user = user(userName);
    var database = database(databaseName);
    var identity =
        new UserIdentity(
            clusterName,
            user.name(),
            user.roles(),
            user.traits(),
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var roles = RoleSet.effective(identity, Optional.of(UserRoles.rights(user)), resources::role);
    var lock =
        locks
            .on(LockSubject.of(identity))
            .map(Lock::refusal)
            .or(() ->
                user.status().locked()
                    ? Optional.of(UserRoles.lockedMessage(user))
                    : Optional.empty());
    var circumstances = new Circumstances(mfaVerified, mfaRequired.getAsBoolean(), lock);
    return answer(
        user.name(),
        database.name(),
        dbUser,
        AccessExplainer.explain(identity, roles, database, dbUser, circumstances));
  }

  private User user(String name) {
    return resources.users().stream()
        .filter(user -> user.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new ControlException(
                ErrorKind.NOT_FOUND, "user %s not found".formatted(Quoted.of(name))));
  }

  private Database database(String name) {
    return resources.serversOf(name).stream()
        .map(DatabaseServer::database)
        .findFirst()
        .orElseThrow(() ->
            new ControlException(
                ErrorKind.NOT_FOUND,
                "database %s not found: no agent announces it ('tctl db ls' lists those that are)"
                    .formatted(Quoted.of(name))));
  }

  private static AccessExplained answer(
      String user, String database, String dbUser, AccessExplanation explanation) {
    var findings =
        explanation.roles().stream()
            .map(role ->
                new AccessExplained.RoleFinding(
                    role.role(),
                    role.labels(),
                    role.dbUser(),
                    role.denies(),
                    role.requiresMfa(),
                    role.detail()))
            .toList();
    return new AccessExplained(
        user,
        database,
        dbUser,
        explanation.allowed(),
        explanation.role(),
        explanation.roleArn(),
        explanation.message(),
        explanation.reasons(),
        findings,
        explanation.changes());
  }
}
