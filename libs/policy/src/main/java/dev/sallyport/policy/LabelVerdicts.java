package dev.sallyport.policy;

import dev.sallyport.model.Labels;
import dev.sallyport.model.UserIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What each role of a set says of databases with these labels, asked at most once. Two threads may
/// both ask; both come to the same.
final class LabelVerdicts {
  private final RoleSet roles;
  private final UserIdentity user;
  private final Map<String, String> labels;
  private final Map<String, String> writtenLabels;
  private final Optional<JudgedRole> denying;
  private volatile @Nullable List<JudgedRole> choosing;

  LabelVerdicts(RoleSet roles, UserIdentity user, Labels labels) {
    this.roles = roles;
    this.user = user;
    // Every role looks into them, more than once.
    this.labels = Map.copyOf(labels.values());
    this.writtenLabels =
        labels.dynamic().isEmpty() ? this.labels : Map.copyOf(labels.withoutDynamic().values());
    this.denying = findDenying();
  }

  /// Every label; denials see them all.
  Map<String, String> all() {
    return labels;
  }

  /// The labels that the role sees when it allows.
  Map<String, String> labelsFor(JudgedRole role) {
    return role.role().options().ignoreDynamicLabels() ? writtenLabels : labels;
  }

  /// The first role that denies such databases.
  Optional<JudgedRole> denying() {
    return denying;
  }

  private Optional<JudgedRole> findDenying() {
    for (var role : roles.judged()) {
      if (role.deny().chooses(labels, user)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /// The roles that choose such databases, in their order.
  List<JudgedRole> choosing() {
    var known = choosing;
    if (known == null) {
      var found = new ArrayList<JudgedRole>();
      for (var role : roles.judged()) {
        if (role.allow().chooses(labelsFor(role), user)) {
          found.add(role);
        }
      }
      known = List.copyOf(found);
      choosing = known;
    }
    return known;
  }
}
