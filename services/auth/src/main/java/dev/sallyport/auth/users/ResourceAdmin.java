package dev.sallyport.auth.users;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.locks.Locks;
import dev.sallyport.auth.state.CredentialState;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.ResourceList;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.Names;
import dev.sallyport.model.Origin;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.User;
import dev.sallyport.pki.authority.SigningKeyPair;
import dev.sallyport.policy.Verb;
import dev.sallyport.resources.ResourceJson;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.Write;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads and writes resources for administrators: what `tctl get`, `create`, `edit` and `rm` do.
/// What the cluster makes itself can be read and not written.
public final class ResourceAdmin {
  private static final String STALE =
      "resource revision does not match, it may have been concurrently %s; please work from the"
          + " latest state, or use --force to overwrite";

  private final ResourceState resources;
  private final CredentialState credentials;
  private final AuditTrail audit;
  private final ResourceReview review;
  private final FailureLocks failures;
  private final ListPages pages;

  ResourceAdmin(
      ResourceState resources,
      CredentialState credentials,
      FailureLocks failures,
      AuditTrail audit,
      ResourceReview review,
      ListPages pages) {
    this.resources = resources;
    this.credentials = credentials;
    this.failures = failures;
    this.audit = audit;
    this.review = review;
    this.pages = pages;
  }

  /// What resources are kept in, and how lists of them are told.
  public record Kept(ResourceState resources, CredentialState credentials, ListPages pages) {}

  /// Wires what reviews writes.
  ///
  /// @param newKeys makes the keys of SAML connectors that bring none
  public static ResourceAdmin of(
      Kept kept,
      UserRoles userRoles,
      FailureLocks failures,
      AuditTrail audit,
      InstantSource clock,
      Supplier<SigningKeyPair> newKeys) {
    var review =
        new ResourceReview(kept.resources(), userRoles, new ConnectorSecrets(newKeys), clock);
    return new ResourceAdmin(
        kept.resources(), kept.credentials(), failures, audit, review, kept.pages());
  }

  /// A page of those of a kind that the caller may know of; secrets only `withSecrets`, which the
  /// route audits.
  ///
  /// @param token of the page before; empty = the first page
  public ResourceList list(Caller caller, Kind kind, boolean withSecrets, Optional<String> token) {
    var list =
        "%s%s of %s".formatted(kind.wireName(), withSecrets ? " with secrets" : "", caller.name());
    var after = pages.after(list, token);
    var readable = review.readable(caller, withSecrets, Verb.LIST);
    var page = new ListPages.Page();
    for (var some = resources.behind(kind, after);
        !some.isEmpty();
        some = resources.behind(kind, after)) {
      for (var found : some) {
        if (page.full()) {
          return new ResourceList(page.entries(), Optional.of(pages.next(list, after)));
        }
        after = ResourceState.key(found);
        if (readable.test(found)) {
          page.add(ResourceJson.toJson(shown(found, withSecrets)));
        }
      }
    }
    return new ResourceList(page.entries(), Optional.empty());
  }

  /// One of a kind; secrets only `withSecrets`, which the route audits.
  public Resource get(Caller caller, Kind kind, String name, boolean withSecrets) {
    var found = find(kind, name);
    if (!review.readable(caller, withSecrets).test(found)) {
      // As if it were not there: the caller may read others of the kind.
      throw Titles.notFound(kind, name);
    }
    return shown(found, withSecrets);
  }

  /// Makes a resource, or with `force` also replaces one, whatever its revision.
  public Resource create(Caller caller, Resource resource, WriteMode mode) {
    var existing = resources.get(resource.kind(), resource.resourceName());
    var taken = existing.filter(known -> !isDefault(known));
    if (taken.isPresent() && !mode.force()) {
      throw alreadyExists(resource);
    }
    var stored = review.ofWrite(caller, resource, existing, mode);
    if (mode.dryRun()) {
      return shown(stored, false);
    }
    var writes = new ArrayList<Write>();
    writes.add(ResourceState.put(stored, condition(existing, stored, mode)));
    if (stored instanceof User user && existing.isEmpty()) {
      // One of this name who expired left password and devices behind.
      writes.addAll(credentials.forget(user.name()));
    }
    var result = audit.commit(writes, audit.written(caller, taken, stored));
    return switch (result) {
      case CommitResult.Committed(long revision) -> written(resource, stored, revision);
      case CommitResult.Conflict _ when mode.force() ->
          throw new ControlException(ErrorKind.COMPARE_FAILED, STALE.formatted("changed"));
      case CommitResult.Conflict _ -> throw alreadyExists(resource);
    };
  }

  /// A user who is replaced must still be there, and one who is made must not: else they would get
  /// the password of the other, or lose their own.
  private static Condition condition(Optional<Resource> existing, Resource stored, WriteMode mode) {
    if (!mode.force()) {
      return existing.map(ResourceState::unchanged).orElse(Condition.absent());
    }
    if (!(stored instanceof User)) {
      return Condition.always();
    }
    return existing.isPresent() ? Condition.present() : Condition.absent();
  }

  /// Replaces a resource that has not changed since it was read.
  public Resource update(Caller caller, Resource resource, WriteMode mode) {
    var existing = resources.get(resource.kind(), resource.resourceName());
    if (existing.isEmpty()) {
      throw new ControlException(ErrorKind.COMPARE_FAILED, STALE.formatted("deleted"));
    }
    var revision = ResourceState.revision(resource);
    if (revision.isEmpty() || !revision.equals(ResourceState.revision(existing.get()))) {
      throw new ControlException(ErrorKind.COMPARE_FAILED, STALE.formatted("modified"));
    }
    var stored = review.ofWrite(caller, resource, existing, mode);
    if (mode.dryRun()) {
      return shown(stored, false);
    }
    var condition = Condition.atRevision(revision.get());
    var result =
        audit.commit(
            List.of(ResourceState.put(stored, condition)), audit.written(caller, existing, stored));
    return switch (result) {
      case CommitResult.Committed(long written) -> written(resource, stored, written);
      case CommitResult.Conflict _ ->
          throw new ControlException(ErrorKind.COMPARE_FAILED, STALE.formatted("modified"));
    };
  }

  /// Removes a resource: a user with password and invite, a role only when no user has it. That of
  /// which there is always one goes back to its default.
  public void delete(Caller caller, Kind kind, String name, WriteMode mode) {
    var found = find(kind, name);
    review.ofDelete(caller, found, mode);
    var writes = new ArrayList<Write>();
    if (found instanceof AuthPreference) {
      writes.add(ResourceState.put(AuthPreference.DEFAULT, Condition.present()));
    } else {
      writes.add(ResourceState.delete(found, Condition.present()));
    }
    if (found instanceof User user) {
      writes.addAll(credentials.forget(user.name()));
    }
    if (mode.dryRun()) {
      return;
    }
    if (audit.commit(writes, audit.deleted(caller, found)) instanceof CommitResult.Conflict) {
      throw Titles.notFound(kind, name);
    }
    if (found instanceof User user) {
      credentials.forgetLeft(user.name());
      failures.clear(user.name());
    }
  }

  /// Looks something up by a name from outside; a name that can't be one finds nothing.
  static <T> Optional<T> named(Kind kind, String name, Function<String, Optional<T>> lookup) {
    try {
      for (var part : kind == Kind.DB_SERVER ? name.split("/", 2) : new String[] {name}) {
        Names.check(part, kind.wireName());
      }
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return lookup.apply(name);
  }

  private Resource find(Kind kind, String name) {
    return named(kind, name, known -> resources.get(kind, known))
        .orElseThrow(() -> Titles.notFound(kind, name));
  }

  /// What the cluster made because nobody else did: anybody's first wish replaces it.
  private static boolean isDefault(Resource resource) {
    return resource instanceof AuthPreference
        && Origin.of(resource.metadata()).filter(Origin.DEFAULTS::equals).isPresent();
  }

  private Resource shown(Resource resource, boolean withSecrets) {
    if (resource instanceof User user) {
      return failures.shown(user);
    }
    if (withSecrets) {
      return resource;
    }
    return switch (resource) {
      case ProvisionToken token -> TokenMask.mask(token);
      case CertAuthority authority -> authority.withoutSecrets();
      case Lock lock -> Locks.masked(lock);
      case AuthConnector connector -> connector.withoutSecrets();
      case Role _, User _, Database _, DatabaseServer _, AuthPreference _ -> resource;
    };
  }

  /// Who writes a user that is not locked ends also what failed tries closed.
  private Resource written(Resource wanted, Resource stored, long revision) {
    if (wanted instanceof User user && !user.status().locked()) {
      failures.clear(user.name());
    }
    return shown(
        stored.withMetadata(stored.metadata().withRevision(Optional.of(Long.toString(revision)))),
        false);
  }

  private static ControlException alreadyExists(Resource resource) {
    return new ControlException(
        ErrorKind.ALREADY_EXISTS, "%s already exists".formatted(Titles.of(resource)));
  }
}
