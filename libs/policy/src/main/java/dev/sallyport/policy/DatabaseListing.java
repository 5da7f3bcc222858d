package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleArn;
import dev.sallyport.model.UserIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one user sees of databases. Seeing gives nothing: only {@link AccessPolicy} does.
public final class DatabaseListing {
  private final RoleSet roles;
  private final Map<String, List<String>> traits;

  public DatabaseListing(UserIdentity identity, RoleSet roles) {
    this.roles = roles;
    this.traits = identity.traits();
  }

  /// Whether the user may know that the database is there: some role chooses it by its labels, and
  /// none denies it by them. What is not visible must look as if it did not exist.
  public boolean visible(Database database) {
    return verdicts(database).visible();
  }

  /// The database users that the user could be there. The same IAM role in two spellings is told
  /// once, in the first of them.
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
          } else if (verdicts.allowing(arn).isPresent()) {
            allowed.add(name);
          }
        });
    var wildcard =
        verdicts.choosing().stream()
                .anyMatch(role -> verdicts.dbUsers().hasWildcard(role.allow().dbUsers(), false))
            && roles.effective().stream()
                .noneMatch(role -> verdicts.dbUsers().hasWildcard(role.deny().dbUsers(), true));
    return new AllowedUsers(allowed, wildcard ? denied : List.of(), wildcard);
  }

  private Map<String, RoleArn> candidates(RoleVerdicts verdicts) {
    var names = new ArrayList<String>();
    for (Role role : verdicts.choosing()) {
      names.addAll(verdicts.dbUsers().expand(role.allow().dbUsers(), false));
    }
    for (Role role : roles.effective()) {
      names.addAll(verdicts.dbUsers().expand(role.deny().dbUsers(), true));
    }
    var spelling = new HashMap<RoleArn, String>();
    var candidates = new TreeMap<String, RoleArn>();
    for (var name : names) {
      verdicts
          .dbUsers()
          .arn(name)
          .filter(arn -> spelling.putIfAbsent(arn, name) == null)
          .ifPresent(arn -> candidates.put(name, arn));
    }
    return candidates;
  }

  private RoleVerdicts verdicts(Database database) {
    return new RoleVerdicts(roles, traits, database);
  }
}
