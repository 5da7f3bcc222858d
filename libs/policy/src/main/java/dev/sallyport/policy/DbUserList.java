package dev.sallyport.policy;

import dev.sallyport.model.RoleArn;
import dev.sallyport.policy.language.TraitTemplate;
import dev.sallyport.policy.language.Undecided;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The `db_users` of one side of a role, read once. An entry is a name, `role/` and a name, an ARN,
/// a template of these, or `*`; what means the same ARN in the database's account is the same.
/// There are no other wildcards.
final class DbUserList {
  private final List<DbUserEntry.Written> entries;
  private final boolean deny;

  /// @param deny whether the side denies: then what can't be read stands for everybody
  DbUserList(List<String> entries, boolean deny) {
    this.entries = entries.stream().map(DbUserEntry.Written::of).toList();
    this.deny = deny;
  }

  boolean hits(RoleArn asked, Map<String, List<String>> traits) {
    for (int i = 0; i < entries.size(); i++) {
      var entry = entries.get(i);
      if (entry.template() instanceof TraitTemplate.Plain) {
        if (hits(entry.plain(), asked)) {
          return true;
        }
      } else if (names(entry, traits).stream()
          .anyMatch(name -> hits(DbUserEntry.of(name), asked))) {
        return true;
      }
    }
    return false;
  }

  private boolean hits(DbUserEntry entry, RoleArn asked) {
    return deny ? entry.denies(asked) : entry.allows(asked);
  }

  /// Whether any name, also one that is not written anywhere, is among the entries.
  boolean hasWildcard(Map<String, List<String>> traits) {
    return names(traits).contains(DbUserEntry.STAR);
  }

  /// The entries with traits in the place of templates.
  List<String> names(Map<String, List<String>> traits) {
    var names = new ArrayList<String>();
    for (var entry : entries) {
      names.addAll(names(entry, traits));
    }
    return names;
  }

  /// `*` out of an external trait is left out when something is allowed: who writes claims must not
  /// be able to widen a role to everything.
  private List<String> names(DbUserEntry.Written entry, Map<String, List<String>> traits) {
    return switch (entry.template()) {
      case TraitTemplate.Plain(String text) -> List.of(text);
      case TraitTemplate.Trait trait -> {
        try {
          yield trait.expand(traits).stream()
              .filter(value -> deny || trait.internal() || !value.equals(DbUserEntry.STAR))
              .toList();
        } catch (Undecided e) {
          yield unreadable();
        }
      }
      case TraitTemplate.Unreadable _ -> unreadable();
    };
  }

  private List<String> unreadable() {
    return deny ? List.of(DbUserEntry.STAR) : List.of();
  }
}
