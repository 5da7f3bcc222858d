package dev.sallyport.auth.state;

import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.Rule;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The roles that every cluster begins with: `access`, `editor`, `auditor`. One that is missing is
/// made at each start; what an administrator changed stays.
public final class Presets {
  private static final List<String> READ_ONLY = List.of("list", "read");
  private static final List<String> READ_WRITE =
      List.of("list", "create", "read", "update", "delete");
  private static final Map<String, String> LABELS =
      Map.of("teleport.internal/resource-type", "preset");

  private Presets() {}

  /// Makes the missing ones.
  public static void create(StateStore store) {
    for (var role : List.of(access(), editor(), auditor())) {
      store.commit(List.of(ResourceState.put(role, Condition.absent())));
    }
  }

  private static Role access() {
    var other =
        Map.<String, Object>of(
            "db_names", List.of("{{internal.db_names}}"),
            "db_roles", List.of("{{internal.db_roles}}"),
            "db_service_labels", Map.of("*", "*"));
    var allow =
        new RoleConditions(
            LabelSelector.ALL,
            List.of("{{internal.db_users}}"),
            List.of(Rule.of(List.of("event"), READ_ONLY)),
            other);
    return preset("access", "Access cluster resources", allow);
  }

  private static Role editor() {
    var managed =
        List.of(
            "user",
            "role",
            "bot",
            "auth_connector",
            "oidc",
            "saml",
            "github",
            "cluster_auth_preference",
            "cluster_networking_config",
            "session_recording_config",
            "token",
            "lock",
            "db",
            "health_check_config");
    var rules =
        List.of(
            Rule.of(managed, READ_WRITE),
            Rule.of(List.of("db_service", "db_server", "instance"), READ_ONLY));
    var allow = new RoleConditions(LabelSelector.NONE, List.of(), rules);
    return preset("editor", "Edit cluster configuration", allow);
  }

  private static Role auditor() {
    var read = List.of("session", "event", "session_tracker", "cluster_alert", "instance");
    var allow =
        new RoleConditions(LabelSelector.NONE, List.of(), List.of(Rule.of(read, READ_ONLY)));
    return preset("auditor", "Review cluster events and replay sessions", allow);
  }

  private static Role preset(String name, String description, RoleConditions allow) {
    var metadata =
        new Metadata(name, Optional.of(description), LABELS, Optional.empty(), Optional.empty());
    return new Role(
        metadata, Role.CURRENT_VERSION, RoleOptions.DEFAULT, allow, RoleConditions.NONE);
  }
}
