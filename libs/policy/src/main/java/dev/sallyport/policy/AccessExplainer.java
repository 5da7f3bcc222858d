package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.RoleArn;
import dev.sallyport.model.UserIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says what {@link AccessPolicy} would say, by the same steps, without a certificate, and shows
/// the steps. It gives nothing: a permit comes only of a certificate.
public final class AccessExplainer {
  private AccessExplainer() {}

  /// @param user with the roles and traits that the next sign-in would give
  /// @param dbUser as the user would write it
  public static AccessExplanation explain(
      UserIdentity user,
      RoleSet roles,
      Database database,
      String dbUser,
      Circumstances circumstances) {
    var check = new AccessCheck(user, roles, database, dbUser, circumstances);
    var verdicts = check.verdicts();
    var asked = verdicts.arn(dbUser);
    var findings = verdicts.all().stream().map(role -> finding(verdicts, role, asked)).toList();
    return switch (check.run()) {
      case AccessCheck.Result.Allowed(var role, var arn) ->
          new AccessExplanation(
              true,
              Optional.of(role.name()),
              Optional.of(arn.toString()),
              "",
              List.of(),
              findings,
              List.of());
      case AccessCheck.Result.Refused(Denial denial) ->
          new AccessExplanation(
              false,
              Optional.empty(),
              asked.map(RoleArn::toString),
              denial.message(),
              denial.reasons(),
              findings,
              changes(denial, roles, findings, database, dbUser));
    };
  }

  private static AccessExplanation.RoleFinding finding(
      RoleVerdicts verdicts, JudgedRole role, Optional<RoleArn> asked) {
    var chooses = verdicts.chooses(role);
    var allows = asked.filter(arn -> verdicts.allowsUser(role, arn)).isPresent();
    var missing = new ArrayList<String>();
    if (!chooses) {
      missing.add(Shortfall.labels(verdicts, role));
    }
    if (!allows) {
      missing.add("its db_users are " + Shortfall.users(verdicts, role));
    }
    return new AccessExplanation.RoleFinding(
        role.name(),
        chooses,
        allows,
        verdicts.denials(role, asked),
        role.role().options().requireSessionMfa(),
        String.join("; ", missing));
  }

  private static List<String> changes(
      Denial denial,
      RoleSet roles,
      List<AccessExplanation.RoleFinding> findings,
      Database database,
      String dbUser) {
    return switch (denial.code()) {
      case LOCKED -> List.of("remove the lock, or wait until it ends");
      case MFA_REQUIRED -> List.of("the user confirms the session with a second factor");
      case MISSING_ROLE ->
          roles.missing().stream()
              .map(
                  name -> "create the role %s, or take it from the user".formatted(Quoted.of(name)))
              .toList();
      case INVALID_DB_USER ->
          List.of(
              "ask for an IAM role of the account %s: a name, role/ and a name, or an ARN"
                  .formatted(database.aws().accountId()));
      case EXPLICIT_DENY -> lifted(findings);
      case NO_MATCHING_LABELS, NO_MATCHING_DB_USER -> widened(findings, database, dbUser);
      case EXPIRED, REVOKED, WRONG_ROUTE -> List.of("sign in again");
    };
  }

  /// Every denial by itself is enough, so all must go.
  private static List<String> lifted(List<AccessExplanation.RoleFinding> findings) {
    return findings.stream()
        .filter(finding -> !finding.denies().isEmpty())
        .map(finding ->
            "take away what role %s denies (%s), or take the role from the user"
                .formatted(Quoted.of(finding.role()), String.join("; ", finding.denies())))
        .toList();
  }

  private static List<String> widened(
      List<AccessExplanation.RoleFinding> findings, Database database, String dbUser) {
    var changes = new ArrayList<String>();
    for (var finding : findings) {
      if (finding.labels() && !finding.dbUser()) {
        changes.add(
            "add %s to allow.db_users of role %s"
                .formatted(Quoted.of(dbUser), Quoted.of(finding.role())));
      } else if (finding.dbUser() && !finding.labels()) {
        changes.add(
            "let role %s choose the database, whose labels are %s"
                .formatted(
                    Quoted.of(finding.role()), Quoted.of(database.labels().values().toString())));
      }
    }
    changes.add(
        "give the user another role that both chooses the database by its labels and has %s among"
                .formatted(Quoted.of(dbUser))
            + " its db_users");
    return changes;
  }
}
