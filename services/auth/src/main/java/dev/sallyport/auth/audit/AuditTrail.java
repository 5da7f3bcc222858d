package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditSink;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.ClusterEvent;
import dev.sallyport.audit.ClusterEvent.Change;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.audit.MfaDeviceMetadata;
import dev.sallyport.audit.UserEvent;
import dev.sallyport.audit.UserMetadata;
import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.locks.Locks;
import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.VerifiedHost;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Writes down what Auth did and refused. A method returns when the event is on record, and throws
/// [ControlException] of kind UNAVAILABLE when it can't be: what gives somebody something is
/// recorded before it is handed out.
public final class AuditTrail {
  private static final String LOCAL = "local";
  private static final int TEXT_LENGTH_MAX = 512;
  private static final int HUMAN = 1;
  private static final int MACHINE = 2;

  private final AuditSink sink;
  private final String clusterName;
  private final InstantSource clock;

  public AuditTrail(AuditSink sink, String clusterName, InstantSource clock) {
    this.sink = sink;
    this.clusterName = clusterName;
    this.clock = clock;
  }

  /// @throws ControlException of kind UNAVAILABLE if nothing could be put on record now; asked
  ///   before anything is changed
  public void requireReady() {
    try {
      sink.ready();
    } catch (AuditUnavailable e) {
      throw unavailable(e);
    }
  }

  /// A user signed in.
  ///
  /// @param device what proved the second factor
  public void loginSucceeded(User user, String address, Optional<MfaDeviceRecord> device) {
    write(
        new UserEvent.UserLogin(
            header(),
            new UserMetadata(user.name(), HUMAN, user.roles()),
            LOCAL,
            true,
            Optional.of(cut(address)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            device.map(AuditTrail::device)));
  }

  /// Somebody tried to sign in under a name.
  public void loginFailed(String user, String address, String told) {
    loginFailed(user, address, told, told);
  }

  /// Somebody tried to sign in under a name, and was told less than why it failed.
  public void loginFailed(String user, String address, String told, String reason) {
    write(
        new UserEvent.UserLogin(
            header(),
            UserMetadata.named(cut(user)),
            LOCAL,
            false,
            Optional.of(cut(address)),
            Optional.empty(),
            Optional.of(reason),
            Optional.of(told),
            Optional.empty()));
  }

  /// A user who is signed in did not prove a second factor.
  public void factorRefused(String user, String reason) {
    write(
        new UserEvent.AuthAttempt(
            header(), UserMetadata.named(cut(user)), "second factor: " + reason, Optional.empty()));
  }

  /// A user registered a device.
  public void deviceAdded(String user, MfaDeviceRecord device) {
    write(new UserEvent.MfaAdd(header(), UserMetadata.named(user), device(device)));
  }

  /// A user removed a device.
  public void deviceRemoved(String user, MfaDeviceRecord device) {
    write(new UserEvent.MfaDelete(header(), UserMetadata.named(user), user, device(device)));
  }

  /// An administrator removed a user's device.
  public void deviceRemoved(Caller caller, String user, MfaDeviceRecord device) {
    write(new UserEvent.MfaDelete(header(), by(caller), user, device(device)));
  }

  /// A caller was refused, or proved nobody.
  public void denied(String who, String address, String error) {
    write(
        new UserEvent.AuthAttempt(
            header(), UserMetadata.named(cut(who)), cut(error), Optional.of(cut(address))));
  }

  /// A user's certificate was issued, for a sign-in or for a route.
  public void certificateCreated(UserIdentity identity, String fingerprint, Instant end) {
    write(
        new ClusterEvent.CertificateCreate(
            header(),
            UserMetadata.of(identity),
            identity.route().isPresent() ? "database" : "user",
            fingerprint,
            end,
            identity.route().map(route -> route.database()),
            identity
                .route()
                .map(route -> route.sessionId())
                .or(() -> identity.signIn().map(signIn -> signIn.id()))));
  }

  /// A host became part of the cluster.
  public void joined(HostIdentity host, String nodeName, String address) {
    write(join(host.hostId(), nodeName, host.role().wireName(), address, Optional.empty()));
  }

  /// A host was not let in.
  public void joinFailed(String nodeName, String role, String address, String error) {
    write(join("", cut(nodeName), cut(role), address, Optional.of(error)));
  }

  /// A caller is given secrets of the cluster: private keys, token names.
  public void secretsRead(Caller caller, Kind kind) {
    write(new ClusterEvent.SecretsRead(header(), by(caller), kind.wireName()));
  }

  /// A user was made.
  public void userCreated(Caller caller, User user) {
    write(
        new UserEvent.UserCreate(
            header(), by(caller), user.name(), user.roles(), LOCAL, user.metadata().expires()));
  }

  /// A user was changed.
  public void userUpdated(Caller caller, User user) {
    write(new UserEvent.UserUpdate(header(), by(caller), user.name(), user.roles(), LOCAL));
  }

  /// A link to set a password was made.
  public void linkCreated(Caller caller, String user, Instant expires) {
    write(new UserEvent.ResetPasswordTokenCreate(header(), by(caller), user, expires));
  }

  /// A user set a password through a link.
  public void passwordChanged(String user, String address) {
    write(
        new UserEvent.PasswordChange(
            header(), UserMetadata.named(user), Optional.of(cut(address))));
  }

  /// A join token was made.
  public void tokenCreated(Caller caller, ProvisionToken token) {
    write(
        new ClusterEvent.JoinTokenCreate(
            header(),
            by(caller),
            token.roles().stream().map(SystemRole::wireName).toList(),
            token.joinMethod(),
            token.metadata().expires()));
  }

  /// A resource was made or changed.
  public void written(Caller caller, Resource resource, boolean existed) {
    var change = existed ? Change.UPDATED : Change.CREATED;
    switch (resource) {
      case Role role ->
          write(new ClusterEvent.RoleChange(header(), by(caller), change, role.name()));
      case User user -> {
        if (existed) {
          userUpdated(caller, user);
        } else {
          userCreated(caller, user);
        }
      }
      case ProvisionToken token -> tokenCreated(caller, token);
      case Database database ->
          write(new ClusterEvent.DatabaseChange(header(), by(caller), change, database.name()));
      case Lock lock -> lockChanged(caller, lock, Change.CREATED);
      case AuthPreference _ -> write(new ClusterEvent.AuthPreferenceUpdate(header(), by(caller)));
      case AuthConnector connector -> write(connector(caller, connector, change));
      case DatabaseServer _, CertAuthority _ ->
          throw new IllegalStateException("nobody writes a " + resource.kind().wireName());
    }
  }

  /// A resource was deleted. Announcements and tokens leave no event of their own.
  public void deleted(Caller caller, Resource resource) {
    switch (resource) {
      case Role role ->
          write(new ClusterEvent.RoleChange(header(), by(caller), Change.DELETED, role.name()));
      case User user -> write(new UserEvent.UserDelete(header(), by(caller), user.name()));
      case Database database ->
          write(
              new ClusterEvent.DatabaseChange(
                  header(), by(caller), Change.DELETED, database.name()));
      case Lock lock -> lockChanged(caller, lock, Change.DELETED);
      case AuthPreference _ -> write(new ClusterEvent.AuthPreferenceUpdate(header(), by(caller)));
      case AuthConnector connector -> write(connector(caller, connector, Change.DELETED));
      case ProvisionToken _, DatabaseServer _, CertAuthority _ -> {}
    }
  }

  /// One that replaces another counts as created: it acts from now on.
  private void lockChanged(Caller caller, Lock lock, Change change) {
    var shown = Locks.masked(lock);
    var target = new TreeMap<String, String>();
    shown.target().parts().forEach((part, value) -> target.put(part.wireName(), value));
    write(
        new ClusterEvent.LockChange(
            header(),
            by(caller),
            change,
            lock.resourceName(),
            target,
            lock.message(),
            lock.metadata().expires()));
  }

  private ClusterEvent.ConnectorChange connector(
      Caller caller, AuthConnector connector, Change change) {
    return new ClusterEvent.ConnectorChange(
        header(), by(caller), change, connector.kind().wireName(), connector.metadata().name());
  }

  private ClusterEvent.InstanceJoin join(
      String hostId, String nodeName, String role, String address, Optional<String> error) {
    return new ClusterEvent.InstanceJoin(
        header(),
        new UserMetadata(nodeName, MACHINE, List.of()),
        hostId,
        nodeName,
        role,
        ProvisionToken.METHOD_TOKEN,
        error.isEmpty(),
        Optional.of(cut(address)),
        error);
  }

  private void write(AuditEvent event) {
    try {
      sink.append(event);
    } catch (AuditUnavailable e) {
      throw unavailable(e);
    }
  }

  private EventHeader header() {
    return new EventHeader(UUID.randomUUID().toString(), clock.instant(), clusterName, 0);
  }

  private static UserMetadata by(Caller caller) {
    return switch (caller) {
      case Caller.Person person -> UserMetadata.of(person.user().identity());
      case Caller.RouteHolder holder -> UserMetadata.of(holder.user().identity());
      case Caller.Part part -> host(part.host());
      case Caller.Admin admin -> host(admin.host());
    };
  }

  private static MfaDeviceMetadata device(MfaDeviceRecord device) {
    var type =
        switch (device.factor()) {
          case MfaDeviceRecord.Totp _ -> "TOTP";
          case MfaDeviceRecord.Key _ -> "WebAuthn";
        };
    return new MfaDeviceMetadata(device.name(), device.id(), type);
  }

  private static UserMetadata host(VerifiedHost host) {
    var identity = host.identity();
    return new UserMetadata(identity.fullName(), MACHINE, List.of(identity.role().wireName()));
  }

  private static String cut(String text) {
    return text.length() > TEXT_LENGTH_MAX ? text.substring(0, TEXT_LENGTH_MAX) : text;
  }

  private static ControlException unavailable(AuditUnavailable cause) {
    return new ControlException(
        ErrorKind.UNAVAILABLE, "the audit log can't be written, so nothing is done", cause);
  }
}
