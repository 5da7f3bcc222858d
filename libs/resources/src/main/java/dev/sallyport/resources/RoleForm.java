package dev.sallyport.resources;

import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.Rule;
import dev.sallyport.resources.document.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The written form of a role's `spec`. Fields that give access to other things than DynamoDB are
/// kept and do nothing. Fields that make access narrower, and that nothing here would obey, are
/// refused: a role must not promise more care than it gets.
final class RoleForm {
  static final List<String> VERSIONS = List.of("v3", "v4", "v5", "v6", "v7", "v8");

  private static final String OLDEST_VERSION = "v3";

  private static final Set<String> OTHER_CONDITIONS =
      Set.of(
          "namespaces",
          "logins",
          "db_names",
          "db_roles",
          "db_permissions",
          "db_service_labels",
          "db_service_labels_expression",
          "node_labels",
          "node_labels_expression",
          "app_labels",
          "app_labels_expression",
          "kubernetes_labels",
          "kubernetes_labels_expression",
          "kubernetes_groups",
          "kubernetes_users",
          "kubernetes_resources",
          "group_labels",
          "group_labels_expression",
          "cluster_labels",
          "cluster_labels_expression",
          "windows_desktop_labels",
          "windows_desktop_labels_expression",
          "windows_desktop_logins",
          "workload_identity_labels",
          "workload_identity_labels_expression",
          "aws_role_arns",
          "azure_identities",
          "gcp_service_accounts",
          "host_groups",
          "host_sudoers",
          "desktop_groups",
          "account_assignments",
          "github_permissions",
          "mcp",
          "spiffe",
          "request",
          "review_requests",
          "impersonate",
          "require_session_join",
          "join_sessions");

  private RoleForm() {}

  static Optional<Role> read(Metadata metadata, String version, Fields spec) {
    var before = spec.faults().count();
    var options = RoleOptionsForm.read(spec.object("options"));
    var allow = conditions(spec.object("allow"), version.equals(OLDEST_VERSION));
    var deny = conditions(spec.object("deny"), false);
    spec.finish();
    return spec.faults()
        .make(before, spec, () -> new Role(metadata, version, options, allow, deny));
  }

  private static RoleConditions conditions(Fields fields, boolean allLabelsByDefault) {
    var expression = fields.text("db_labels_expression").filter(text -> !text.isBlank());
    var labels = new LabelSelector(fields.textsMap("db_labels"));
    if (allLabelsByDefault && !fields.has("db_labels")) {
      labels = LabelSelector.ALL;
    }
    var users = fields.texts("db_users");
    if (users.contains("")) {
      fields.fault("db_users", "holds an empty name");
    }
    var rules = new ArrayList<Rule>();
    for (var rule : fields.objects("rules")) {
      rules.add(rule(rule));
    }
    var other = fields.kept(new TreeSet<>(OTHER_CONDITIONS));
    warnOf(fields, other.keySet());
    fields.finish();
    return new RoleConditions(labels, expression, users, rules, other);
  }

  private static void warnOf(Fields fields, Set<String> kept) {
    var idle = kept.stream().filter(name -> !name.equals("namespaces")).toList();
    if (!idle.isEmpty()) {
      fields
          .faults()
          .warn(
              fields.at(),
              fields.path(),
              "%s: kept, and without effect here".formatted(String.join(", ", idle)));
    }
  }

  private static Rule rule(Fields fields) {
    var resources = fields.texts("resources");
    var verbs = fields.texts("verbs");
    if (resources.isEmpty()) {
      fields.fault("resources", "is missing");
    }
    if (verbs.isEmpty()) {
      fields.fault("verbs", "is missing");
    }
    var rule =
        new Rule(
            resources,
            verbs,
            fields.text("where").filter(text -> !text.isBlank()),
            fields.texts("actions"));
    fields.finish();
    return rule;
  }

  static Map<String, Object> write(Role role) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("options", RoleOptionsForm.write(role.options()));
    spec.put("allow", conditions(role.allow(), role.version().equals(OLDEST_VERSION)));
    spec.put("deny", conditions(role.deny(), false));
    return spec;
  }

  private static Map<String, Object> conditions(RoleConditions side, boolean alwaysLabels) {
    var map = new LinkedHashMap<String, Object>();
    if (alwaysLabels || !side.dbLabels().isEmpty()) {
      map.put("db_labels", labels(side.dbLabels()));
    }
    side.dbLabelsExpression().ifPresent(text -> map.put("db_labels_expression", text));
    if (!side.dbUsers().isEmpty()) {
      map.put("db_users", side.dbUsers());
    }
    if (!side.rules().isEmpty()) {
      map.put("rules", side.rules().stream().map(RoleForm::write).toList());
    }
    map.putAll(side.other());
    return map;
  }

  private static Map<String, Object> labels(LabelSelector selector) {
    var map = new LinkedHashMap<String, Object>();
    selector
        .values()
        .forEach((key, values) -> map.put(key, values.size() == 1 ? values.getFirst() : values));
    return map;
  }

  private static Map<String, Object> write(Rule rule) {
    var map = new LinkedHashMap<String, Object>();
    map.put("resources", rule.resources());
    map.put("verbs", rule.verbs());
    rule.where().ifPresent(text -> map.put("where", text));
    if (!rule.actions().isEmpty()) {
      map.put("actions", rule.actions());
    }
    return map;
  }
}
