package dev.sallyport.auth.users;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.access.Rules;
import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.locks.Locks;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.CreatedBy;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Lock;
import dev.sallyport.model.Origin;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.User;
import dev.sallyport.policy.RoleReview;
import dev.sallyport.policy.RuleTarget;
import dev.sallyport.policy.Verb;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Looks at what somebody wants to keep: refuses what could not work or was hardly meant, and gives
/// what is to be kept in its place.
final class ResourceReview {
  private final ResourceState resources;
  private final Rules rules;
  private final DatabaseReach reach;
  private final LastAdministrator administrators;
  private final ConnectorSecrets connectors;
  private final InstantSource clock;

  ResourceReview(
      ResourceState resources,
      UserRoles userRoles,
      ConnectorSecrets connectors,
      InstantSource clock) {
    this.resources = resources;
    this.rules = new Rules(userRoles);
    this.reach = new DatabaseReach(userRoles);
    this.administrators = new LastAdministrator(resources);
    this.connectors = connectors;
    this.clock = clock;
  }

  /// @param existing what would be replaced
  /// @throws ControlException of kind ACCESS_DENIED if the caller's rules do not give it
  Resource ofWrite(Caller caller, Resource wanted, Optional<Resource> existing, WriteMode mode) {
    if (mode.force() || existing.isEmpty()) {
      rules.require(caller, Verb.CREATE, RuleTarget.of(wanted));
    }
    if (mode.force() || existing.isPresent()) {
      rules.require(caller, Verb.UPDATE, RuleTarget.of(wanted));
    }
    existing.ifPresent(old -> rules.require(caller, Verb.UPDATE, RuleTarget.of(old)));
    requireFuture(wanted);
    return switch (wanted) {
      case Role role -> {
        usable(role);
        if (existing.isPresent() && !mode.confirm()) {
          administrators.requireAfter(role);
        }
        yield role;
      }
      case User given -> {
        var user = FailureLocks.kept(given);
        UserAdmin.requireRoles(resources, user.roles());
        if (existing.isPresent() && !mode.confirm()) {
          administrators.requireAfter(user);
        }
        yield user.withCreatedBy(createdBy(caller, existing));
      }
      case ProvisionToken token -> TokenAdmin.check(token);
      case Lock lock -> {
        var checked = Locks.check(lock, caller.name(), clock.instant());
        if (!mode.confirm()) {
          administrators.requireAfter(checked);
        }
        yield existing.isPresent() && existing.get() instanceof Lock old
            ? new Lock(
                checked.metadata(),
                checked.target(),
                checked.message(),
                old.createdAt(),
                old.createdBy())
            : checked;
      }
      case AuthPreference preference -> {
        requireNotConfigured(existing, mode);
        if (preference.metadata().expires().isPresent()) {
          throw new ControlException(
              ErrorKind.BAD_PARAMETER, "metadata.expires: this resource can't expire");
        }
        yield preference.withMetadata(Origin.DYNAMIC.mark(preference.metadata()));
      }
      case AuthConnector connector ->
          connectors.complete(connector, existing.map(AuthConnector.class::cast));
      case Database database -> {
        reach.require(caller, database, existing.isPresent() ? Verb.UPDATE : Verb.CREATE);
        existing.ifPresent(old -> reach.require(caller, (Database) old, Verb.UPDATE));
        // A name that a host serves from its own file would lead to either of the two.
        for (var server : resources.serversOf(database.name())) {
          reach.require(caller, server.database(), Verb.UPDATE);
        }
        yield database.withMetadata(Origin.DYNAMIC.mark(database.metadata()));
      }
      case DatabaseServer _, CertAuthority _ -> throw Titles.unsupported("creating", wanted.kind());
    };
  }

  /// Refuses to delete what is needed, or what the caller may not touch.
  void ofDelete(Caller caller, Resource found, WriteMode mode) {
    rules.require(caller, Verb.DELETE, RuleTarget.of(found));
    switch (found) {
      case Role role -> requireUnused(role);
      case User user -> {
        if (!mode.confirm()) {
          administrators.requireWithoutUser(user.name());
        }
      }
      case Database database -> reach.require(caller, database, Verb.DELETE);
      case AuthPreference _ -> requireNotConfigured(Optional.of(found), mode);
      case ProvisionToken _, DatabaseServer _, AuthConnector _, Lock _ -> {}
      case CertAuthority _ -> throw Titles.unsupported("deleting", found.kind());
    }
  }

  /// Which resources the caller may read, by one view of their roles.
  Predicate<Resource> readable(Caller caller, boolean withSecrets, Verb... more) {
    var verbs = new ArrayList<>(List.of(more));
    verbs.add(withSecrets ? Verb.READ : Verb.READ_NO_SECRETS);
    var allowed = rules.judge(caller, verbs.toArray(Verb[]::new));
    var reached = reach.of(caller);
    return found ->
        allowed.test(RuleTarget.of(found))
            && (!(found instanceof Database database) || reached.test(database));
  }

  private void requireUnused(Role role) {
    if (resources.users().stream().anyMatch(user -> user.roles().contains(role.name()))) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "failed to delete a role that is still in use by a user, check the system server logs"
              + " for more details");
    }
  }

  /// What the config file says is written again at the next start, so a change of it would be lost.
  private static void requireNotConfigured(Optional<Resource> existing, WriteMode mode) {
    var configured =
        existing
            .flatMap(known -> Origin.of(known.metadata()))
            .filter(Origin.CONFIG_FILE::equals)
            .isPresent();
    if (configured && !mode.confirm()) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "the config file of the Auth Service sets this resource, and will do so again at its next"
              + " start: change it there, or use --confirm to change it until then");
    }
  }

  private void requireFuture(Resource resource) {
    var now = clock.instant();
    resource
        .metadata()
        .expires()
        .filter(end -> !end.isAfter(now))
        .ifPresent(end -> {
          throw new ControlException(
              ErrorKind.BAD_PARAMETER, "metadata.expires: %s is in the past".formatted(end));
        });
  }

  /// A role that policy could not follow would allow nothing, or deny everything, in silence.
  private static void usable(Role role) {
    var faults = RoleReview.faults(role);
    if (!faults.isEmpty()) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "role \"%s\" can't be used: %s".formatted(role.name(), String.join("; ", faults)));
    }
  }

  private Optional<CreatedBy> createdBy(Caller caller, Optional<Resource> existing) {
    return existing.isPresent() && existing.get() instanceof User old
        ? old.createdBy()
        : Optional.of(new CreatedBy(caller.name(), clock.instant(), Optional.empty()));
  }
}
