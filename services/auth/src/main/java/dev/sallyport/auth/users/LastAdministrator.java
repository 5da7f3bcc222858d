package dev.sallyport.auth.users;

import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
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
/// expire, and whose roles do not expire and allow to update users and roles. A change after which
/// there is none, but before which there was one, has to be confirmed; the administrator of the
/// Auth host could still undo it.
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

  /// @param made the lock as it shall be, in place of one of the same name
  void requireAfter(Lock made) {
    var locks = new ArrayList<Lock>();
    locks.add(made);
    locks().stream()
        .filter(lock -> !lock.resourceName().equals(made.resourceName()))
        .forEach(locks::add);
    require(resources.users(), resources::role, locks);
  }

  private List<User> with(User changed) {
    var users = new ArrayList<User>();
    for (var user : resources.users()) {
      users.add(user.name().equals(changed.name()) ? changed : user);
    }
    return users;
  }

  private List<Lock> locks() {
    return resources.all(Kind.LOCK).stream().map(Lock.class::cast).toList();
  }

  private void require(List<User> users, Function<String, Optional<Role>> lookup) {
    require(users, lookup, locks());
  }

  private void require(
      List<User> users, Function<String, Optional<Role>> lookup, List<Lock> locks) {
    if (anyOf(users, lookup, locks) || !anyOf(resources.users(), resources::role, locks())) {
      return;
    }
    throw new ControlException(
        ErrorKind.BAD_PARAMETER,
        "after this nobody could change users and roles any more, but for 'tctl' on the Auth"
            + " Service's own host: use --confirm if you mean it");
  }

  private static boolean anyOf(
      List<User> users, Function<String, Optional<Role>> lookup, List<Lock> locks) {
    var known = new HashMap<String, Optional<Role>>();
    return users.stream()
        .filter(user -> locks.stream().noneMatch(lock -> hits(lock, user)))
        .anyMatch(user -> isAdministrator(user, name -> known.computeIfAbsent(name, lookup)));
  }

  /// Whether a lock keeps the user out however they sign in. One that ends by itself counts too.
  private static boolean hits(Lock lock, User user) {
    return lock.target().parts().entrySet().stream()
        .allMatch(part ->
            switch (part.getKey()) {
              case USER -> part.getValue().equals(user.name());
              case ROLE -> user.roles().contains(part.getValue());
              case LOGIN,
                  MFA_DEVICE,
                  DEVICE,
                  SERVER_ID,
                  WINDOWS_DESKTOP,
                  ACCESS_REQUEST,
                  BOT_INSTANCE_ID,
                  JOIN_TOKEN,
                  SESSION ->
                  false;
            });
  }

  private static boolean isAdministrator(User user, Function<String, Optional<Role>> lookup) {
    if (user.status().locked() || user.metadata().expires().isPresent()) {
      return false;
    }
    var effective = new ArrayList<Role>();
    for (var name : user.roles()) {
      var role = lookup.apply(name);
      if (role.isEmpty() || role.get().metadata().expires().isPresent()) {
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
