package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleArn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What each role of a set says of one database: the questions that deciding and listing share.
final class RoleVerdicts {
  private final RoleSet roles;
  private final Database database;
  private final LabelMatch labels;
  private final DbUserMatch dbUsers;

  RoleVerdicts(RoleSet roles, Map<String, List<String>> traits, Database database) {
    this.roles = roles;
    this.database = database;
    this.labels = new LabelMatch(traits);
    this.dbUsers = new DbUserMatch(traits, database);
  }

  DbUserMatch dbUsers() {
    return dbUsers;
  }

  /// The first role that denies the database itself.
  Optional<Role> denyingDatabase() {
    return roles.effective().stream()
        .filter(role -> labels.denies(role.deny().dbLabels(), database.labels()))
        .findFirst();
  }

  /// The first role that denies the database user, at whatever database.
  Optional<Role> denyingUser(RoleArn asked) {
    return roles.effective().stream()
        .filter(role -> dbUsers.denies(role.deny().dbUsers(), asked))
        .findFirst();
  }

  /// The roles that choose the database by its labels.
  List<Role> choosing() {
    return roles.effective().stream().filter(this::chooses).toList();
  }

  boolean chooses(Role role) {
    return labels.allows(role.allow().dbLabels(), database.labels());
  }

  boolean allowsUser(Role role, RoleArn asked) {
    return dbUsers.allows(role.allow().dbUsers(), asked);
  }

  /// Whether a user may know of the database.
  boolean visible() {
    return roles.missing().isEmpty() && denyingDatabase().isEmpty() && !choosing().isEmpty();
  }

  /// The first role that both chooses the database and allows the user.
  Optional<Role> allowing(RoleArn asked) {
    return roles.effective().stream()
        .filter(role -> chooses(role) && allowsUser(role, asked))
        .findFirst();
  }
}
