package dev.sallyport.auth.state;

import dev.sallyport.model.Kind;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.Rule;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import java.util.ArrayList;
import java.util.Optional;

/// The roles that every cluster begins with: `access`, `editor`, `auditor`. One that is missing is
/// made at each start.
///
/// To one that is there, what administrators made of it stays; only rules for kinds that none of
/// its rules names are added, so that a newer version's kinds can be edited. A rule that denies
/// such a kind keeps it out, and so does taking away the label that says that the role is a preset.
public final class Presets {
  private static final String ANY = "*";

  private Presets() {}

  /// Makes and completes them.
  ///
  /// @param kept commits a role with the record of it
  public static void create(StateStore store, Keeping kept) {
    var resources = new ResourceState(store);
    for (var preset : dev.sallyport.resources.Presets.roles()) {
      var stored = resources.get(Kind.ROLE, preset.name()).map(Role.class::cast);
      if (stored.isEmpty()) {
        kept.commit(ResourceState.put(preset, Condition.absent()), stored, preset);
      } else if (isPreset(stored.get())) {
        completed(stored.get(), preset)
            .ifPresent(role ->
                kept.commit(
                    ResourceState.put(role, ResourceState.unchanged(stored.get())), stored, role));
      }
    }
  }

  private static boolean isPreset(Role role) {
    return dev.sallyport.resources.Presets.LABEL_VALUE.equals(
        role.metadata().labels().get(dev.sallyport.resources.Presets.LABEL));
  }

  /// The role with the rules that it lacks; empty if it lacks none.
  private static Optional<Role> completed(Role role, Role preset) {
    var rules = new ArrayList<>(role.allow().rules());
    for (var rule : preset.allow().rules()) {
      var missing =
          rule.resources().stream()
              .filter(kind -> !names(role.allow(), kind) && !names(role.deny(), kind))
              .toList();
      if (!missing.isEmpty()) {
        rules.add(new Rule(missing, rule.verbs(), rule.where(), rule.actions()));
      }
    }
    if (rules.equals(role.allow().rules())) {
      return Optional.empty();
    }
    var old = role.allow();
    var allow =
        new RoleConditions(
            old.dbLabels(), old.dbLabelsExpression(), old.dbUsers(), rules, old.other());
    return Optional.of(
        new Role(role.metadata(), role.version(), role.options(), allow, role.deny()));
  }

  private static boolean names(RoleConditions side, String kind) {
    return side.rules().stream()
        .anyMatch(rule -> rule.resources().contains(ANY) || rule.resources().contains(kind));
  }
}
