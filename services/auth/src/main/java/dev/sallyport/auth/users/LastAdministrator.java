package dev.sallyport.auth.users;

import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Role;
import dev.sallyport.model.User;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.policy.RoleSet;
import dev.sallyport.policy.RuleEngine;
import dev.sallyport.policy.RuleTarget;
import dev.sallyport.policy.Verb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Keeps people from locking themselves out. An administrator is a user who is not locked, does not
/// expire, and whose roles allow to update users and roles. A change after which there is none, but
/// before which there was one, has to be confirmed; the administrator of the Auth host could still
/// undo it.
final class LastAdministrator {
  /// No rule can ask for it.
  private static final String CLUSTER = "this";

  private final ResourceState resources;

  LastAdministrator(ResourceState resources) {
    this.resources = resources;
  }

  /// @param changed the role as it shall be
  void requireAfter(Role changed) {
    require(
        resources.users(),
        name -> name.equals(changed.name()) ? Optional.of(changed) : resources.role(name));
  }

  /// @param changed the user as they shall be
  void requireAfter(User changed) {
    require(with(changed), resources::role);
  }

  void requireWithoutUser(String name) {
    require(
        resources.users().stream().filter(user -> !user.name().equals(name)).toList(),
        resources::role);
  }

  private List<User> with(User changed) {
    var users = new ArrayList<User>();
    for (var user : resources.users()) {
      users.add(user.name().equals(changed.name()) ? changed : user);
    }
    return users;
  }

  private void require(List<User> users, Function<String, Optional<Role>> lookup) {
    if (anyOf(users, lookup) || !anyOf(resources.users(), resources::role)) {
      return;
    }
    throw new ControlException(
        ErrorKind.BAD_PARAMETER,
        "after this nobody could change users and roles any more, but for 'tctl' on the Auth"
            + " Service's own host: use --confirm if you mean it");
  }

  private static boolean anyOf(List<User> users, Function<String, Optional<Role>> lookup) {
    var known = new HashMap<String, Optional<Role>>();
    return users.stream()
        .anyMatch(user -> isAdministrator(user, name -> known.computeIfAbsent(name, lookup)));
  }

  private static boolean isAdministrator(User user, Function<String, Optional<Role>> lookup) {
    if (user.status().locked() || user.metadata().expires().isPresent()) {
      return false;
    }
    var effective = new ArrayList<Role>();
    for (var name : user.roles()) {
      var role = lookup.apply(name);
      if (role.isEmpty()) {
        return false;
      }
      effective.add(role.get());
    }
    var roles = new RoleSet(effective, List.of());
    var identity =
        new UserIdentity(
            CLUSTER,
            user.name(),
            user.roles(),
            user.traits(),
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return RuleEngine.allows(roles, identity, Verb.UPDATE, RuleTarget.ofKind(Kind.USER))
        && RuleEngine.allows(roles, identity, Verb.UPDATE, RuleTarget.ofKind(Kind.ROLE));
  }
}
