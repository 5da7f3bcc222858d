package dev.sallyport.auth.users;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.locks.Locks;
import dev.sallyport.auth.state.CredentialState;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.CreatedBy;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.User;
import dev.sallyport.policy.RoleReview;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads and writes resources for administrators: what `tctl get`, `create`, `edit` and `rm` do.
/// Roles, users, tokens and locks can be written; the rest the cluster makes itself.
public final class ResourceAdmin {
  private static final String STALE =
      "resource revision does not match, it may have been concurrently %s; please work from the"
          + " latest state, or use --force to overwrite";

  private final StateStore store;
  private final ResourceState resources;
  private final CredentialState credentials;
  private final AuditTrail audit;
  private final InstantSource clock;

  public ResourceAdmin(
      StateStore store,
      ResourceState resources,
      CredentialState credentials,
      AuditTrail audit,
      InstantSource clock) {
    this.store = store;
    this.resources = resources;
    this.credentials = credentials;
    this.audit = audit;
    this.clock = clock;
  }

  /// All of a kind; private keys and token names only `withSecrets`, which the route audits.
  public List<Resource> list(Kind kind, boolean withSecrets) {
    return resources.all(kind).stream().map(found -> shown(found, withSecrets)).toList();
  }

  /// One of a kind; private keys and token names only `withSecrets`, which the route audits.
  public Resource get(Kind kind, String name, boolean withSecrets) {
    var found = find(kind, name);
    return shown(found, withSecrets);
  }

  /// Makes a resource, or with `force` also replaces one, whatever its revision.
  public Resource create(Caller caller, Resource resource, boolean force) {
    var checked = check(caller, resource);
    var existing = resources.get(resource.kind(), resource.resourceName());
    var stored = force ? keepOrigin(checked, existing) : checked;
    var condition = force ? Condition.always() : Condition.absent();
    var result = store.commit(List.of(ResourceState.put(stored, condition)));
    return switch (result) {
      case CommitResult.Committed(long revision) -> {
        audit.written(caller, stored, existing.isPresent());
        yield at(stored, revision);
      }
      case CommitResult.Conflict _ ->
          throw new ControlException(
              ErrorKind.ALREADY_EXISTS, "%s already exists".formatted(title(resource)));
    };
  }

  /// Replaces a resource that has not changed since it was read.
  public Resource update(Caller caller, Resource resource) {
    var checked = check(caller, resource);
    var existing = resources.get(resource.kind(), resource.resourceName());
    if (existing.isEmpty()) {
      throw new ControlException(ErrorKind.COMPARE_FAILED, STALE.formatted("deleted"));
    }
    var revision = ResourceState.revision(resource);
    if (revision.isEmpty()) {
      throw new ControlException(ErrorKind.COMPARE_FAILED, STALE.formatted("modified"));
    }
    var stored = keepOrigin(checked, existing);
    var condition = Condition.atRevision(revision.get());
    return switch (store.commit(List.of(ResourceState.put(stored, condition)))) {
      case CommitResult.Committed(long written) -> {
        audit.written(caller, stored, true);
        yield at(stored, written);
      }
      case CommitResult.Conflict _ ->
          throw new ControlException(ErrorKind.COMPARE_FAILED, STALE.formatted("modified"));
    };
  }

  /// Removes a resource: a user with password and invite, a role only when no user has it.
  public void delete(Caller caller, Kind kind, String name) {
    var found = find(kind, name);
    var writes = new ArrayList<Write>();
    writes.add(ResourceState.delete(found, Condition.present()));
    switch (found) {
      case Role role -> requireUnused(role);
      case User user -> writes.addAll(credentials.forget(user.name()));
      case ProvisionToken _, DatabaseServer _, Lock _ -> {}
      case Database _, CertAuthority _ -> throw unsupported("deleting", kind);
    }
    if (store.commit(writes) instanceof CommitResult.Conflict) {
      throw notFound(kind, name);
    }
    audit.deleted(caller, found);
  }

  /// Looks something up by a name from outside; a name that can't be one finds nothing.
  static <T> Optional<T> named(Kind kind, String name, Function<String, Optional<T>> lookup) {
    try {
      for (var part : kind == Kind.DB_SERVER ? name.split("/", 2) : new String[] {name}) {
        dev.sallyport.model.Names.check(part, kind.wireName());
      }
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return lookup.apply(name);
  }

  private Resource find(Kind kind, String name) {
    return named(kind, name, known -> resources.get(kind, known))
        .orElseThrow(() -> notFound(kind, name));
  }

  private Resource check(Caller caller, Resource resource) {
    return switch (resource) {
      case Role role -> reviewed(role);
      case User user -> {
        UserAdmin.requireRoles(resources, user.roles());
        yield user.withCreatedBy(
            Optional.of(new CreatedBy(caller.name(), clock.instant(), Optional.empty())));
      }
      case ProvisionToken token -> TokenAdmin.check(token);
      case Lock lock -> Locks.check(lock, caller.name(), clock.instant());
      case Database _, DatabaseServer _, CertAuthority _ ->
          throw unsupported("creating", resource.kind());
    };
  }

  /// A role that policy could not follow would allow nothing, or deny everything, in silence.
  private static Role reviewed(Role role) {
    var faults = RoleReview.faults(role);
    if (!faults.isEmpty()) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "role \"%s\" can't be used: %s".formatted(role.name(), String.join("; ", faults)));
    }
    return role;
  }

  private static Resource keepOrigin(Resource resource, Optional<Resource> existing) {
    if (resource instanceof User user
        && existing.isPresent()
        && existing.get() instanceof User old) {
      return user.withCreatedBy(old.createdBy());
    }
    if (resource instanceof Lock lock
        && existing.isPresent()
        && existing.get() instanceof Lock old) {
      return new Lock(
          lock.metadata(), lock.target(), lock.message(), old.createdAt(), old.createdBy());
    }
    return resource;
  }

  private void requireUnused(Role role) {
    if (resources.users().stream().anyMatch(user -> user.roles().contains(role.name()))) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "failed to delete a role that is still in use by a user, check the system server logs"
              + " for more details");
    }
  }

  private static Resource shown(Resource resource, boolean withSecrets) {
    if (withSecrets) {
      return resource;
    }
    return switch (resource) {
      case ProvisionToken token -> TokenMask.mask(token);
      case CertAuthority authority -> authority.withoutSecrets();
      case Lock lock -> Locks.masked(lock);
      case Role _, User _, Database _, DatabaseServer _ -> resource;
    };
  }

  private static Resource at(Resource resource, long revision) {
    return resource.withMetadata(
        resource.metadata().withRevision(Optional.of(Long.toString(revision))));
  }

  private static String title(Resource resource) {
    return resource instanceof ProvisionToken token
        ? "token \"%s\"".formatted(TokenMask.mask(token.metadata().name()))
        : "%s \"%s\"".formatted(resource.kind().wireName(), resource.resourceName());
  }

  private static ControlException unsupported(String what, Kind kind) {
    return new ControlException(
        ErrorKind.BAD_PARAMETER,
        "%s resources of type \"%s\" is not supported".formatted(what, kind.wireName()));
  }

  private static ControlException notFound(Kind kind, String name) {
    var message =
        switch (kind) {
          case ROLE -> "role %s is not found".formatted(name);
          case USER -> "user \"%s\" not found".formatted(name);
          case TOKEN -> "token \"%s\" is not found".formatted(TokenMask.mask(name));
          case DB, DB_SERVER, CERT_AUTHORITY, LOCK ->
              "%s \"%s\" is not found".formatted(kind.wireName(), name);
        };
    return new ControlException(ErrorKind.NOT_FOUND, message);
  }
}
