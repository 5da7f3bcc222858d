package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.model.InvalidRoleArn;
import dev.sallyport.model.RoleArn;
import dev.sallyport.model.UserIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What each role of a set says of one database: the questions that deciding, listing and
/// explaining share.
final class RoleVerdicts {
  private final RoleSet roles;
  private final UserIdentity user;
  private final Database database;
  private final LabelVerdicts labels;

  RoleVerdicts(RoleSet roles, UserIdentity user, Database database) {
    this(roles, user, database, new LabelVerdicts(roles, user, database.labels()));
  }

  /// @param labels of the same roles and user, and of the database's labels
  RoleVerdicts(RoleSet roles, UserIdentity user, Database database, LabelVerdicts labels) {
    this.roles = roles;
    this.user = user;
    this.database = database;
    this.labels = labels;
  }

  Database database() {
    return database;
  }

  List<JudgedRole> all() {
    return roles.judged();
  }

  /// The first role that denies the database itself. Denials see every label.
  Optional<JudgedRole> denyingDatabase() {
    return labels.denying();
  }

  /// The first role that denies the database user, at whatever database.
  Optional<JudgedRole> denyingUser(RoleArn asked) {
    for (var role : roles.judged()) {
      if (role.deny().hits(asked, user)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /// The roles that choose the database by its labels.
  List<JudgedRole> choosing() {
    return labels.choosing();
  }

  boolean chooses(JudgedRole role) {
    return labels.choosing().contains(role);
  }

  JudgedSide.Match byLabels(JudgedRole role) {
    return role.allow().byLabels(labelsFor(role), user);
  }

  JudgedSide.Match byExpression(JudgedRole role) {
    return role.allow().byExpression(labelsFor(role), user);
  }

  /// What the role denies of what is asked for, in words.
  List<String> denials(JudgedRole role, Optional<RoleArn> asked) {
    var denials = new ArrayList<String>();
    if (role.deny().chooses(labels.all(), user)) {
      denials.add("the database by its labels");
    }
    if (asked.filter(arn -> role.deny().hits(arn, user)).isPresent()) {
      denials.add("the database user");
    }
    return denials;
  }

  /// The labels that the role sees when it allows.
  Map<String, String> labelsFor(JudgedRole role) {
    return labels.labelsFor(role);
  }

  boolean allowsUser(JudgedRole role, RoleArn asked) {
    return role.allow().hits(asked, user);
  }

  /// The database users that the role allows, or denies, as it writes them.
  List<String> dbUsers(JudgedSide side) {
    return side.dbUsers().names(user.traits());
  }

  /// Whether any name, also one that is not written anywhere, is among the side's.
  boolean hasWildcard(JudgedSide side) {
    return side.dbUsers().hasWildcard(user.traits());
  }

  /// Whether a user may know of the database.
  boolean visible() {
    return roles.missing().isEmpty() && denyingDatabase().isEmpty() && !choosing().isEmpty();
  }

  /// The first role that both chooses the database and allows the user, and needs no more.
  ///
  /// A role that needs a second factor holds back the others that allow the same: the strictest of
  /// those that match counts.
  Allowing allowing(RoleArn asked, boolean mfaVerified) {
    Optional<JudgedRole> first = Optional.empty();
    for (var role : choosing()) {
      if (allowsUser(role, asked)) {
        if (role.role().options().requireSessionMfa() && !mfaVerified) {
          return new Allowing.NeedsMfa(role);
        }
        if (first.isEmpty()) {
          first = Optional.of(role);
        }
      }
    }
    return first.<Allowing>map(Allowing.By::new).orElseGet(Allowing.ByNone::new);
  }

  /// What came of looking for a role that allows.
  sealed interface Allowing {
    /// This one does.
    record By(JudgedRole role) implements Allowing {}

    /// This one would, with a second factor.
    record NeedsMfa(JudgedRole role) implements Allowing {}

    /// None does.
    record ByNone() implements Allowing {}
  }

  /// The role that a name means here; none when it is one of another account, or no role at all.
  Optional<RoleArn> arn(String dbUser) {
    try {
      return Optional.of(RoleArn.of(dbUser, database));
    } catch (InvalidRoleArn e) {
      return Optional.empty();
    }
  }
}
