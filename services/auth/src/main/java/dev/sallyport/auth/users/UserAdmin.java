package dev.sallyport.auth.users;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.state.CredentialState;
import dev.sallyport.auth.state.Invite;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.InviteCreated;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.model.CreatedBy;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Secret;
import dev.sallyport.model.User;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.Write;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Makes users, changes what they have, and gives out the links by which they set passwords.
public final class UserAdmin {
  private static final Duration INVITE_TTL = Duration.ofHours(1);
  private static final Duration INVITE_TTL_MAX = Duration.ofDays(2);
  private static final Duration RESET_TTL = Duration.ofHours(8);
  private static final Duration RESET_TTL_MAX = Duration.ofDays(1);
  private static final Duration TTL_MIN = Duration.ofMinutes(1);
  private static final int TRIES = 8;

  private final ResourceState resources;
  private final CredentialState credentials;
  private final FailureLocks failures;
  private final AuditTrail audit;
  private final Links links;

  /// Makes links: where the Proxy is, when it is, and what nobody can guess.
  public record Links(Supplier<String> proxyAddress, InstantSource clock, SecureRandom random) {
    Instant expiry(Duration ttl) {
      return clock.instant().plus(ttl);
    }

    Secret token() {
      return RandomToken.make(random);
    }

    Secret url(String kind, Secret token) {
      return Secret.of("https://%s/web/%s/%s".formatted(proxyAddress.get(), kind, token.reveal()));
    }
  }

  public UserAdmin(
      ResourceState resources,
      CredentialState credentials,
      FailureLocks failures,
      AuditTrail audit,
      Links links) {
    this.resources = resources;
    this.credentials = credentials;
    this.failures = failures;
    this.audit = audit;
    this.links = links;
  }

  /// Makes a user, and an invite for the first password: both or neither.
  public InviteCreated create(Caller caller, CreateUserRequest request) {
    var ttl = ttl(request.inviteTtl(), INVITE_TTL, INVITE_TTL_MAX);
    var createdBy = new CreatedBy(caller.name(), links.clock().instant(), Optional.empty());
    var user = newUser(request, createdBy);
    requireRoles(resources, user.roles());
    var token = links.token();
    var invite = new Invite(user.name(), Invite.INVITE, links.expiry(ttl));
    var writes = new ArrayList<Write>();
    writes.add(ResourceState.put(user, Condition.absent()));
    if (resources.user(user.name()).isEmpty()) {
      // A user of this name who expired left these behind.
      writes.addAll(credentials.forgetSecrets(user.name()));
    }
    writes.addAll(credentials.open(token, invite));
    var events = new ArrayList<>(audit.written(caller, Optional.empty(), user));
    events.add(audit.linkCreated(caller, user.name(), invite.expires()));
    if (audit.commit(writes, events) instanceof CommitResult.Conflict) {
      throw new ControlException(
          ErrorKind.ALREADY_EXISTS, "user \"%s\" already exists".formatted(user.name()));
    }
    return new InviteCreated(links.url(Invite.INVITE, token), invite.expires());
  }

  /// Replaces roles or traits. Other changes made meanwhile are kept.
  ///
  /// @param confirmed whether it may leave nobody who could undo it
  public User update(Caller caller, String name, UpdateUserRequest request, boolean confirmed) {
    request.setRoles().ifPresent(roles -> requireRoles(resources, roles));
    for (var i = 0; i < TRIES; i++) {
      var user = find(name);
      var changed = request.setRoles().map(user::withRoles).orElse(user);
      changed = changed.withTraits(merged(user.traits(), request.setTraits().orElse(Map.of())));
      if (!confirmed) {
        new LastAdministrator(resources).requireAfter(changed);
      }
      var result =
          audit.commit(
              List.of(ResourceState.put(changed, ResourceState.unchanged(user))),
              audit.written(caller, Optional.of(user), changed));
      if (result instanceof CommitResult.Committed) {
        return find(name);
      }
    }
    throw new ControlException(
        ErrorKind.COMPARE_FAILED, "user \"%s\" is being changed by others".formatted(name));
  }

  /// Ends the user's password and second factors, and gives out a link to set new ones. What failed
  /// tries closed is open again.
  public InviteCreated reset(Caller caller, String name, ResetUserRequest request) {
    var ttl = ttl(request.ttl(), RESET_TTL, RESET_TTL_MAX);
    var user = find(name);
    var token = links.token();
    var invite = new Invite(user.name(), Invite.RESET, links.expiry(ttl));
    var writes = new ArrayList<Write>();
    writes.add(new Write.Check(ResourceState.key(user), Condition.present()));
    var devices = credentials.devices(user.name());
    writes.addAll(credentials.forgetSecrets(user.name()));
    writes.addAll(credentials.open(token, invite));
    var events = new ArrayList<AuditEvent>();
    events.add(audit.linkCreated(caller, user.name(), invite.expires()));
    devices.forEach(device -> events.add(audit.deviceRemoved(caller, user.name(), device)));
    if (audit.commit(writes, events) instanceof CommitResult.Conflict) {
      throw changed(name);
    }
    failures.clear(user.name());
    return new InviteCreated(links.url(Invite.RESET, token), invite.expires());
  }

  /// Refuses names of roles that do not exist.
  static void requireRoles(ResourceState resources, List<String> roles) {
    for (var role : roles) {
      if (resources.role(role).isEmpty()) {
        throw new ControlException(ErrorKind.NOT_FOUND, "role %s is not found".formatted(role));
      }
    }
  }

  /// What is set replaces the trait of that name; without values it is gone. The others stay.
  private static Map<String, List<String>> merged(
      Map<String, List<String>> traits, Map<String, List<String>> set) {
    var merged = new HashMap<>(traits);
    merged.putAll(set);
    set.forEach((name, values) -> {
      if (values.isEmpty()) {
        merged.remove(name);
      }
    });
    return merged;
  }

  private static User newUser(CreateUserRequest request, CreatedBy createdBy) {
    try {
      return new User(
          Metadata.named(request.name()),
          request.roles(),
          request.traits(),
          Optional.of(createdBy));
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, String.valueOf(e.getMessage()), e);
    }
  }

  private static Duration ttl(Optional<Duration> wanted, Duration usual, Duration max) {
    var ttl = wanted.orElse(usual);
    if (ttl.compareTo(TTL_MIN) < 0 || ttl.compareTo(max) > 0) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "ttl: %d minutes (expected: 1 minute to %d hours)"
              .formatted(ttl.toMinutes(), max.toHours()));
    }
    return ttl;
  }

  /// @throws ControlException of kind NOT_FOUND if there is no such user
  public User find(String name) {
    return ResourceAdmin.named(Kind.USER, name, resources::user).orElseThrow(() -> notFound(name));
  }

  private static ControlException changed(String name) {
    return new ControlException(
        ErrorKind.COMPARE_FAILED,
        "user \"%s\" was deleted or uses a second factor at this moment, please try again"
            .formatted(name));
  }

  private static ControlException notFound(String name) {
    return new ControlException(ErrorKind.NOT_FOUND, "user \"%s\" not found".formatted(name));
  }
}
