package dev.sallyport.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// One side of a role: what it allows, or what it denies.
///
/// @param dbLabelsExpression a condition in the predicate language; to allow, labels and expression
///   must both match, and to deny one of them is enough
/// @param dbUsers the names of IAM roles, their ARNs, templates of traits, or `*`
/// @param other fields for things that this product does not give access to, kept as they came
public record RoleConditions(
    LabelSelector dbLabels,
    Optional<String> dbLabelsExpression,
    List<String> dbUsers,
    List<Rule> rules,
    Map<String, Object> other) {
  public static final RoleConditions NONE =
      new RoleConditions(LabelSelector.NONE, List.of(), List.of());

  public RoleConditions {
    Objects.requireNonNull(dbLabels, "dbLabels");
    Objects.requireNonNull(dbLabelsExpression, "dbLabelsExpression");
    dbUsers = List.copyOf(dbUsers);
    rules = List.copyOf(rules);
    other = Frozen.tree(other);
  }

  public RoleConditions(
      LabelSelector dbLabels, List<String> dbUsers, List<Rule> rules, Map<String, Object> other) {
    this(dbLabels, Optional.empty(), dbUsers, rules, other);
  }

  public RoleConditions(LabelSelector dbLabels, List<String> dbUsers, List<Rule> rules) {
    this(dbLabels, dbUsers, rules, Map.of());
  }
}
