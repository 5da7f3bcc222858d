package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.model.InvalidRoleArn;
import dev.sallyport.model.RoleArn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether an IAM role is among the `db_users` of a role. An entry is a name, `role/` and a name,
/// an ARN, a template of these, or `*`; what means the same ARN in the database's account is the
/// same. There are no other wildcards.
///
/// A denial goes further: names of IAM roles are unique in an account, whatever their path and
/// case, so it also hits the same name with another path or in another case.
final class DbUserMatch {
  static final String ANY = "*";

  private final Map<String, List<String>> traits;
  private final Database database;

  DbUserMatch(Map<String, List<String>> traits, Database database) {
    this.traits = traits;
    this.database = database;
  }

  boolean allows(List<String> entries, RoleArn asked) {
    return expand(entries, false).stream()
        .anyMatch(entry -> entry.equals(ANY) || arn(entry).filter(asked::equals).isPresent());
  }

  boolean denies(List<String> entries, RoleArn asked) {
    return expand(entries, true).stream()
        .anyMatch(entry ->
            entry.equals(ANY)
                || arn(entry).filter(arn -> arn.name().equalsIgnoreCase(asked.name())).isPresent());
  }

  /// Whether any name, also one that is not written anywhere, is among the entries.
  boolean hasWildcard(List<String> entries, boolean deny) {
    return expand(entries, deny).contains(ANY);
  }

  /// The entries with traits in the place of templates. `*` out of an external trait is left out
  /// when something is allowed: who writes claims must not be able to widen a role to everything.
  List<String> expand(List<String> entries, boolean deny) {
    var expanded = new ArrayList<String>();
    for (var entry : entries) {
      switch (TraitTemplate.parse(entry)) {
        case TraitTemplate.Plain(String text) -> expanded.add(text);
        case TraitTemplate.Trait trait ->
            trait.expand(traits).stream()
                .filter(value -> deny || trait.internal() || !value.equals(ANY))
                .forEach(expanded::add);
        case TraitTemplate.Unreadable _ -> {
          if (deny) {
            expanded.add(ANY);
          }
        }
      }
    }
    return expanded;
  }

  /// The role that an entry means here; none when it is one of another account, or no role at all.
  Optional<RoleArn> arn(String entry) {
    try {
      return Optional.of(RoleArn.of(entry, database));
    } catch (InvalidRoleArn e) {
      return Optional.empty();
    }
  }
}
