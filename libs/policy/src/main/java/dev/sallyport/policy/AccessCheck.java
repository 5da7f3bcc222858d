package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.model.InvalidRoleArn;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.RoleArn;
import dev.sallyport.model.UserIdentity;
import java.util.List;
import java.util.Optional;

/// Whether roles give a user a database as an IAM role, apart from certificates: what deciding and
/// explaining have in common. In this order: locks, the cluster's second factor, roles that are not
/// there, denials, and then one role that allows all of it.
final class AccessCheck {
  /// What came of it.
  sealed interface Result {
    /// The role allows the IAM role.
    record Allowed(JudgedRole role, RoleArn roleArn) implements Result {}

    /// It is refused.
    record Refused(Denial denial) implements Result {}
  }

  private final RoleSet roles;
  private final String dbUser;
  private final Circumstances circumstances;
  private final RoleVerdicts verdicts;

  AccessCheck(
      UserIdentity user,
      RoleSet roles,
      Database database,
      String dbUser,
      Circumstances circumstances) {
    this.roles = roles;
    this.dbUser = dbUser;
    this.circumstances = circumstances;
    this.verdicts = new RoleVerdicts(roles, user, database);
  }

  RoleVerdicts verdicts() {
    return verdicts;
  }

  Result run() {
    var early = locked().or(this::clusterMfa).or(this::missingRole).or(this::deniedDatabase);
    if (early.isPresent()) {
      return new Result.Refused(early.get());
    }
    RoleArn asked;
    try {
      asked = RoleArn.of(dbUser, verdicts.database());
    } catch (InvalidRoleArn e) {
      return new Result.Refused(invalid(String.valueOf(e.getMessage())));
    }
    var denied = deniedUser(asked);
    if (denied.isPresent()) {
      return new Result.Refused(denied.get());
    }
    return switch (verdicts.allowing(asked, circumstances.mfaVerified())) {
      case RoleVerdicts.Allowing.By(JudgedRole role) -> new Result.Allowed(role, asked);
      case RoleVerdicts.Allowing.NeedsMfa(JudgedRole role) ->
          new Result.Refused(
              mfa(
                  "role %s allows it, but requires a second factor for the session"
                      .formatted(Quoted.of(role.name()))));
      case RoleVerdicts.Allowing.ByNone() ->
          new Result.Refused(new Shortfall(verdicts, dbUser, asked).denial(explained()));
    };
  }

  /// Whether one of the roles lets its holder read the reasons.
  private boolean explained() {
    return roles.effective().stream().anyMatch(role -> role.options().explainDenials());
  }

  private Optional<Denial> locked() {
    return circumstances
        .lock()
        .map(reason ->
            new Denial(reason, List.of("a lock is in force: " + reason), Denial.Code.LOCKED));
  }

  private Optional<Denial> clusterMfa() {
    return circumstances.mfaRequired() && !circumstances.mfaVerified()
        ? Optional.of(mfa("the cluster requires a second factor for every session"))
        : Optional.empty();
  }

  private static Denial mfa(String reason) {
    return new Denial(
        Denial.MFA_REQUIRED + ": confirm it with your second factor ('tsh proxy db' asks for it).",
        List.of(reason),
        Denial.Code.MFA_REQUIRED);
  }

  private Optional<Denial> missingRole() {
    if (roles.missing().isEmpty()) {
      return Optional.empty();
    }
    var name = roles.missing().getFirst();
    return Optional.of(
        new Denial(
            "%s role %s is not found; sign in again with 'tsh login --again'."
                .formatted(Denial.PREFIX, Quoted.of(name)),
            roles.missing().stream()
                .map(missing -> "role %s is not found".formatted(Quoted.of(missing)))
                .toList(),
            Denial.Code.MISSING_ROLE));
  }

  private Optional<Denial> deniedDatabase() {
    return verdicts
        .denyingDatabase()
        .map(role ->
            denial(
                "role %s denies the database by its labels".formatted(Quoted.of(role.name())),
                "",
                Denial.Code.EXPLICIT_DENY));
  }

  private Optional<Denial> deniedUser(RoleArn asked) {
    return verdicts
        .denyingUser(asked)
        .map(role ->
            denial(
                "role %s denies database user %s"
                    .formatted(Quoted.of(role.name()), Quoted.of(dbUser)),
                verdicts.visible()
                    ? "Database user %s is denied by a role.".formatted(Quoted.of(dbUser))
                    : "",
                Denial.Code.EXPLICIT_DENY));
  }

  private Denial invalid(String problem) {
    return denial(problem, verdicts.visible() ? problem : "", Denial.Code.INVALID_DB_USER);
  }

  private Denial denial(String reason, String hint, Denial.Code code) {
    return Denial.of(hint, List.of(reason), code, explained());
  }
}
