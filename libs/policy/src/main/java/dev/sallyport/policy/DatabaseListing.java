package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.model.Labels;
import dev.sallyport.model.RoleArn;
import dev.sallyport.model.UserIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one user sees of databases. Seeing gives nothing: only {@link AccessPolicy} does.
///
/// What is found out for labels is kept for other databases that have the same. For one thread.
public final class DatabaseListing {
  /// Of so many label sets at once what was found out is kept.
  private static final int LABELS_MAX = 1_000;

  private final RoleSet roles;
  private final List<UserIdentity> views;
  private final Map<Labels, List<LabelVerdicts>> known = new HashMap<>();

  public DatabaseListing(UserIdentity identity, RoleSet roles) {
    this.roles = roles;
    this.views = roles.views(identity);
  }

  /// Whether the user may know that the database is there: some role chooses it by its labels, and
  /// none denies it by them. What is not visible must look as if it did not exist.
  public boolean visible(Database database) {
    return visible(verdicts(database));
  }

  /// The database users that the user could be there, if need be with a second factor. The same IAM
  /// role in two spellings is told once, in the first of them.
  public AllowedUsers allowedUsers(Database database) {
    var verdicts = verdicts(database);
    if (!visible(verdicts)) {
      return AllowedUsers.NONE;
    }
    var allowed = new ArrayList<String>();
    var denied = new ArrayList<String>();
    candidates(verdicts)
        .forEach((name, arn) -> {
          if (verdicts.stream().anyMatch(view -> view.denyingUser(arn).isPresent())) {
            denied.add(name);
          } else if (verdicts.stream().allMatch(view -> allows(view, arn))) {
            allowed.add(name);
          }
        });
    var wildcard = verdicts.stream().allMatch(DatabaseListing::anyUser);
    return new AllowedUsers(allowed, wildcard ? denied : List.of(), wildcard);
  }

  private static boolean visible(List<RoleVerdicts> verdicts) {
    return verdicts.stream().allMatch(RoleVerdicts::visible);
  }

  private static boolean allows(RoleVerdicts view, RoleArn arn) {
    return view.allowing(arn, true) instanceof RoleVerdicts.Allowing.By;
  }

  private static boolean anyUser(RoleVerdicts view) {
    return view.choosing().stream().anyMatch(role -> view.hasWildcard(role.allow()))
        && view.all().stream().noneMatch(role -> view.hasWildcard(role.deny()));
  }

  private static Map<String, RoleArn> candidates(List<RoleVerdicts> verdicts) {
    var names = new ArrayList<String>();
    for (var view : verdicts) {
      view.choosing().forEach(role -> names.addAll(view.dbUsers(role.allow())));
      view.all().forEach(role -> names.addAll(view.dbUsers(role.deny())));
    }
    var spelling = new HashMap<RoleArn, String>();
    var candidates = new TreeMap<String, RoleArn>();
    for (var name : names) {
      verdicts
          .getFirst()
          .arn(name)
          .filter(arn -> spelling.putIfAbsent(arn, name) == null)
          .ifPresent(arn -> candidates.put(name, arn));
    }
    return candidates;
  }

  /// By each view of the user; what counts is what all of them give.
  private List<RoleVerdicts> verdicts(Database database) {
    if (known.size() >= LABELS_MAX) {
      known.clear();
    }
    var labels = known.computeIfAbsent(database.labels(), this::verdicts);
    var verdicts = new ArrayList<RoleVerdicts>();
    for (int i = 0; i < views.size(); i++) {
      verdicts.add(new RoleVerdicts(roles, views.get(i), database, labels.get(i)));
    }
    return verdicts;
  }

  private List<LabelVerdicts> verdicts(Labels labels) {
    return views.stream().map(view -> new LabelVerdicts(roles, view, labels)).toList();
  }
}
