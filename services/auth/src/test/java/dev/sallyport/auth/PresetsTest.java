package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.state.Presets;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.Rule;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.sqlite.SqliteStateStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a start does with the roles that every cluster begins with.
final class PresetsTest {
  @TempDir Path folder = Path.of("never");

  private static Role editor(StateStore store) {
    return new ResourceState(store).role("editor").orElseThrow();
  }

  private static List<String> kinds(Role role) {
    return role.allow().rules().stream().flatMap(rule -> rule.resources().stream()).toList();
  }

  private static void keep(StateStore store, Role role) {
    store.commit(List.of(ResourceState.put(role, Condition.always())));
  }

  @Test
  void missingOnesAreMadeAndASecondStartChangesNothing() {
    try (var store = SqliteStateStore.open(folder.resolve("s"), InstantSource.system())) {
      Presets.create(store, Kept.in(store));
      assertThat(new ResourceState(store).role("auditor")).isPresent();
      assertThat(kinds(editor(store))).contains("cluster_auth_preference", "saml", "lock");
      var revision = store.revision();
      Presets.create(store, Kept.in(store));
      assertThat(store.revision()).isEqualTo(revision);
    }
  }

  @Test
  void onlyKindsThatNoRuleNamesAreAddedAndNothingElseComesBack() {
    try (var store = SqliteStateStore.open(folder.resolve("s"), InstantSource.system())) {
      Presets.create(store, Kept.in(store));
      var made = editor(store);
      var allow =
          new RoleConditions(
              LabelSelector.NONE, List.of(), List.of(Rule.of(List.of("role"), List.of("list"))));
      var deny =
          new RoleConditions(
              LabelSelector.NONE, List.of(), List.of(Rule.of(List.of("token"), List.of("*"))));
      keep(store, new Role(made.metadata(), made.version(), made.options(), allow, deny));
      var access = new ResourceState(store).role("access").orElseThrow();
      keep(
          store,
          new Role(
              access.metadata(),
              access.version(),
              access.options(),
              new RoleConditions(LabelSelector.NONE, List.of(), access.allow().rules()),
              access.deny()));
      Presets.create(store, Kept.in(store));
      var after = editor(store);
      assertThat(after.allow().rules().getFirst())
          .isEqualTo(Rule.of(List.of("role"), List.of("list")));
      assertThat(kinds(after)).contains("user", "github").doesNotContain("token");
      assertThat(kinds(after)).containsOnlyOnce("role");
      assertThat(new ResourceState(store).role("access").orElseThrow().allow().dbLabels())
          .isEqualTo(LabelSelector.NONE);
    }
  }

  /// Else a cluster of an older version would give everybody every session.
  @Test
  void aRuleThatIsAddedKeepsItsCondition() {
    try (var store = SqliteStateStore.open(folder.resolve("s"), InstantSource.system())) {
      Presets.create(store, Kept.in(store));
      var made = new ResourceState(store).role("access").orElseThrow();
      var session = rule(made, "session");
      assertThat(session.where()).contains("contains(session.participants, user.metadata.name)");
      keep(
          store,
          new Role(
              made.metadata(),
              made.version(),
              made.options(),
              RoleConditions.NONE,
              RoleConditions.NONE));
      Presets.create(store, Kept.in(store));
      assertThat(rule(new ResourceState(store).role("access").orElseThrow(), "session"))
          .isEqualTo(session);
    }
  }

  private static Rule rule(Role role, String kind) {
    return role.allow().rules().stream()
        .filter(rule -> rule.resources().contains(kind))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRoleThatIsNoPresetAnyMoreIsLeftAlone() {
    try (var store = SqliteStateStore.open(folder.resolve("s"), InstantSource.system())) {
      Presets.create(store, Kept.in(store));
      var made = editor(store);
      keep(
          store,
          new Role(
              made.metadata().withLabels(Map.of()),
              made.version(),
              made.options(),
              RoleConditions.NONE,
              RoleConditions.NONE));
      Presets.create(store, Kept.in(store));
      assertThat(editor(store).allow()).isEqualTo(RoleConditions.NONE);
    }
  }
}
