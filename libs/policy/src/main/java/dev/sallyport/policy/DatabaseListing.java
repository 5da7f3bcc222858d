package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.model.RoleArn;
import dev.sallyport.model.UserIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one user sees of databases. Seeing gives nothing: only {@link AccessPolicy} does.
public final class DatabaseListing {
  private final UserIdentity user;
  private final RoleSet roles;

  public DatabaseListing(UserIdentity identity, RoleSet roles) {
    this.user = identity;
    this.roles = roles;
  }

  /// Whether the user may know that the database is there: some role chooses it by its labels, and
  /// none denies it by them. What is not visible must look as if it did not exist.
  public boolean visible(Database database) {
    return verdicts(database).visible();
  }

  /// The database users that the user could be there, if need be with a second factor. The same IAM
  /// role in two spellings is told once, in the first of them.
  public AllowedUsers allowedUsers(Database database) {
    var verdicts = verdicts(database);
    if (!verdicts.visible()) {
      return AllowedUsers.NONE;
    }
    var allowed = new ArrayList<String>();
    var denied = new ArrayList<String>();
    candidates(verdicts)
        .forEach((name, arn) -> {
          if (verdicts.denyingUser(arn).isPresent()) {
            denied.add(name);
          } else if (verdicts.allowing(arn, true) instanceof RoleVerdicts.Allowing.By) {
            allowed.add(name);
          }
        });
    var wildcard =
        verdicts.choosing().stream().anyMatch(role -> verdicts.hasWildcard(role.allow()))
            && verdicts.all().stream().noneMatch(role -> verdicts.hasWildcard(role.deny()));
    return new AllowedUsers(allowed, wildcard ? denied : List.of(), wildcard);
  }

  private Map<String, RoleArn> candidates(RoleVerdicts verdicts) {
    var names = new ArrayList<String>();
    for (var role : verdicts.choosing()) {
      names.addAll(verdicts.dbUsers(role.allow()));
    }
    for (var role : verdicts.all()) {
      names.addAll(verdicts.dbUsers(role.deny()));
    }
    var spelling = new HashMap<RoleArn, String>();
    var candidates = new TreeMap<String, RoleArn>();
    for (var name : names) {
      verdicts
          .arn(name)
          .filter(arn -> spelling.putIfAbsent(arn, name) == null)
          .ifPresent(arn -> candidates.put(name, arn));
    }
    return candidates;
  }

  private RoleVerdicts verdicts(Database database) {
    return new RoleVerdicts(roles, user, database);
  }
}
