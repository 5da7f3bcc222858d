package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditSink;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.ChangeDetail;
import dev.sallyport.audit.ClusterEvent;
import dev.sallyport.audit.ClusterEvent.Change;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.audit.MfaDeviceMetadata;
import dev.sallyport.audit.UserEvent;
import dev.sallyport.audit.UserMetadata;
import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.access.Origin;
import dev.sallyport.auth.locks.Locks;
import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.JoinRequest;
import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.CaRotation;
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
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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
  private final Outbox outbox;
  private final String clusterName;
  private final InstantSource clock;
  private final StoreNotices notices;

  /// @param sink where events go that tell of no change of the state
  /// @param outbox by which those go that do
  public AuditTrail(AuditSink sink, Outbox outbox, String clusterName, InstantSource clock) {
    this.sink = sink;
    this.outbox = outbox;
    this.clusterName = clusterName;
    this.clock = clock;
    this.notices = new StoreNotices(this::header, this::write);
  }

  /// @throws ControlException of kind UNAVAILABLE if nothing could be put on record now; asked
  ///   before anything is changed
  public void requireReady() {
    try {
      sink.ready();
      outbox.requireDelivered();
    } catch (AuditUnavailable e) {
      throw unavailable(e);
    }
  }

  /// Commits a change and the events that tell of it: all or nothing, whenever the process dies.
  public CommitResult commit(List<Write> writes, List<AuditEvent> events) {
    return outbox.commit(writes, events);
  }

  /// Puts on record what a crash left waiting.
  public void deliverPending() throws AuditUnavailable {
    outbox.deliverPending();
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
            Origin.agent(),
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
            Origin.agent(),
            Optional.of(reason),
            Optional.of(told),
            Optional.empty()));
  }

  /// A user who is signed in is asked for a second factor.
  public void factorAsked(String user) {
    write(new UserEvent.MfaChallengeCreate(header(), UserMetadata.named(user), Origin.address()));
  }

  /// A user who is signed in proved a second factor.
  public void factorProven(String user, MfaDeviceRecord device) {
    factor(user, Optional.of(device), Optional.empty());
  }

  /// A user who is signed in did not prove a second factor.
  public void factorRefused(String user, String reason) {
    factor(user, Optional.empty(), Optional.of(reason));
  }

  private void factor(String user, Optional<MfaDeviceRecord> device, Optional<String> error) {
    write(
        new UserEvent.MfaChallengeValidate(
            header(),
            UserMetadata.named(cut(user)),
            error.isEmpty(),
            device.map(AuditTrail::device),
            error,
            Origin.address()));
  }

  /// A user registers a device.
  public AuditEvent deviceAdded(String user, MfaDeviceRecord device) {
    return deviceAdded(user, Origin.address(), device);
  }

  /// A user registers a device behind a link.
  public AuditEvent deviceAdded(String user, String address, MfaDeviceRecord device) {
    return deviceAdded(user, Optional.of(cut(address)), device);
  }

  private AuditEvent deviceAdded(String user, Optional<String> address, MfaDeviceRecord device) {
    return new UserEvent.MfaAdd(header(), UserMetadata.named(user), device(device), address);
  }

  /// A user removes a device.
  public AuditEvent deviceRemoved(String user, MfaDeviceRecord device) {
    return deviceRemoved(UserMetadata.named(user), user, device);
  }

  /// An administrator removes a user's device.
  public AuditEvent deviceRemoved(Caller caller, String user, MfaDeviceRecord device) {
    return deviceRemoved(by(caller), user, device);
  }

  private AuditEvent deviceRemoved(UserMetadata by, String user, MfaDeviceRecord device) {
    return new UserEvent.MfaDelete(header(), by, user, device(device), Origin.address());
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

  /// A host's certificate was renewed.
  public void hostRenewed(VerifiedHost host, String fingerprint, Instant end) {
    write(
        new ClusterEvent.CertificateCreate(
            header(), host(host), "host", fingerprint, end, Optional.empty(), Optional.empty()));
  }

  /// An authority's change of keys went a step on.
  ///
  /// @param caller who said so; empty for the schedule
  public AuditEvent rotated(Optional<Caller> caller, CertAuthority after) {
    var rotation = after.rotation();
    return new ClusterEvent.AuthorityRotation(
        header(),
        caller.map(AuditTrail::by).orElseGet(AuditTrail::self),
        after.type(),
        rotation.phase().wireName(),
        rotation.current().map(current -> current.mode().wireName()),
        rotation.current().map(CaRotation.Current::id),
        ChangeDetail.from(caller.isPresent() ? Origin.address() : Optional.empty()));
  }

  /// A host became part of the cluster.
  ///
  /// @param token that it showed, its name masked
  /// @param attributes what it showed to be
  public void joined(
      HostIdentity host,
      JoinRequest request,
      ProvisionToken token,
      Map<String, String> attributes) {
    var role = host.role().wireName();
    write(join(host.hostId(), request, role, Optional.of(token), new Outcome(attributes)));
  }

  /// A host was not let in.
  ///
  /// @param token that it showed, its name masked; empty when it is nobody's
  public void joinFailed(JoinRequest request, Optional<ProvisionToken> token, String error) {
    write(join("", request, cut(request.role()), token, new Outcome(error)));
  }

  /// A caller is given secrets of the cluster: private keys, token names.
  public void secretsRead(Caller caller, Kind kind) {
    write(new ClusterEvent.SecretsRead(header(), by(caller), kind.wireName(), Origin.address()));
  }

  /// A link to set a password is made.
  public AuditEvent linkCreated(Caller caller, String user, Instant expires) {
    return new UserEvent.ResetPasswordTokenCreate(
        header(), by(caller), user, expires, Origin.address());
  }

  /// A user sets a password.
  public AuditEvent passwordChanged(String user, String address) {
    return new UserEvent.PasswordChange(
        header(), UserMetadata.named(user), Optional.of(cut(address)));
  }

  /// The event of a resource that is made or changed.
  ///
  /// @param before as it was; empty when it is made
  public List<AuditEvent> written(
      Caller caller, Optional<? extends Resource> before, Resource after) {
    return written(by(caller), before, after);
  }

  /// The event of a resource that the Auth Service makes or changes by itself: as every cluster has
  /// it, or as the config file says.
  ///
  /// @param before as it was; empty when it is made
  public List<AuditEvent> writtenByItself(Optional<? extends Resource> before, Resource after) {
    return written(self(), before, after);
  }

  private List<AuditEvent> written(
      UserMetadata by, Optional<? extends Resource> before, Resource after) {
    var change = before.isPresent() ? Change.UPDATED : Change.CREATED;
    return List.of(told(by, change, after, ResourceDiff.between(before, Optional.of(after))));
  }

  /// The event of a resource that is deleted. Announcements leave none.
  public List<AuditEvent> deleted(Caller caller, Resource resource) {
    return switch (resource) {
      case DatabaseServer _, CertAuthority _ -> List.of();
      case Role _,
          User _,
          ProvisionToken _,
          Database _,
          Lock _,
          AuthPreference _,
          AuthConnector _ -> {
        var detail = ResourceDiff.between(Optional.of(resource), Optional.empty());
        yield List.of(told(by(caller), Change.DELETED, resource, detail));
      }
    };
  }

  /// What is told of the store itself.
  public StoreNotices notices() {
    return notices;
  }

  private AuditEvent told(UserMetadata by, Change change, Resource resource, ChangeDetail detail) {
    return switch (resource) {
      case Role role -> new ClusterEvent.RoleChange(header(), by, change, role.name(), detail);
      case Database database -> database(by, change, database, detail);
      case User user ->
          switch (change) {
            case CREATED ->
                new UserEvent.UserCreate(
                    header(),
                    by,
                    user.name(),
                    user.roles(),
                    LOCAL,
                    user.metadata().expires(),
                    detail);
            case UPDATED ->
                new UserEvent.UserUpdate(header(), by, user.name(), user.roles(), LOCAL, detail);
            case DELETED -> new UserEvent.UserDelete(header(), by, user.name(), detail);
          };
      case AuthPreference _ -> new ClusterEvent.AuthPreferenceUpdate(header(), by, detail);
      case AuthConnector connector -> connector(by, connector, change, detail);
      case Lock lock -> locked(by, change, lock);
      case ProvisionToken token -> told(by, change, token, detail);
      case DatabaseServer _, CertAuthority _ ->
          throw new IllegalStateException("nobody writes a " + resource.kind().wireName());
    };
  }

  private AuditEvent told(
      UserMetadata by, Change change, ProvisionToken token, ChangeDetail detail) {
    var roles = token.roles().stream().map(SystemRole::wireName).toList();
    return switch (change) {
      case CREATED, UPDATED ->
          new ClusterEvent.JoinTokenCreate(
              header(),
              by,
              roles,
              token.joinMethod().wireName(),
              token.metadata().expires(),
              detail);
      case DELETED -> new ClusterEvent.JoinTokenDelete(header(), by, roles, detail);
    };
  }

  /// One that replaces another counts as created: it acts from now on.
  private AuditEvent locked(UserMetadata by, Change change, Lock lock) {
    var shown = Locks.masked(lock);
    var target = new TreeMap<String, String>();
    shown.target().parts().forEach((part, value) -> target.put(part.wireName(), value));
    return new ClusterEvent.LockChange(
        header(),
        by,
        change == Change.DELETED ? Change.DELETED : Change.CREATED,
        lock.resourceName(),
        target,
        lock.message(),
        lock.metadata().expires(),
        ChangeDetail.from(Origin.address()));
  }

  private ClusterEvent.ConnectorChange connector(
      UserMetadata by, AuthConnector connector, Change change, ChangeDetail detail) {
    return new ClusterEvent.ConnectorChange(
        header(), by, change, connector.kind().wireName(), connector.metadata().name(), detail);
  }

  private record Outcome(Optional<String> error, Map<String, String> attributes) {
    Outcome(Map<String, String> attributes) {
      this(Optional.empty(), attributes);
    }

    Outcome(String error) {
      this(Optional.of(error), Map.of());
    }
  }

  private ClusterEvent.InstanceJoin join(
      String hostId,
      JoinRequest request,
      String role,
      Optional<ProvisionToken> token,
      Outcome outcome) {
    var nodeName = cut(request.nodeName());
    return new ClusterEvent.InstanceJoin(
        header(),
        new UserMetadata(nodeName, MACHINE, List.of()),
        hostId,
        nodeName,
        role,
        request.method().wireName(),
        token.map(shown -> shown.metadata().name()),
        token.flatMap(shown -> shown.metadata().expires()),
        outcome.error().isEmpty(),
        Optional.of(cut(request.clientAddress())),
        outcome.error(),
        outcome.attributes());
  }

  private AuditEvent database(
      UserMetadata by, Change change, Database database, ChangeDetail detail) {
    return new ClusterEvent.DatabaseChange(
        header(),
        by,
        change,
        database.name(),
        database.metadata().expires(),
        Optional.of(by.user()),
        Optional.of(database.protocol()),
        database.uri(),
        database.labels().values(),
        Optional.of(database.aws().region()).filter(region -> !region.isEmpty()),
        dev.sallyport.model.Origin.of(database.metadata())
            .or(() -> Optional.of(dev.sallyport.model.Origin.DYNAMIC))
            .map(dev.sallyport.model.Origin::wireName),
        detail);
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

  static UserMetadata self() {
    return new UserMetadata("auth", MACHINE, List.of());
  }

  private static UserMetadata by(Caller caller) {
    return switch (caller) {
      case Caller.Person person -> UserMetadata.of(person.user().identity());
      case Caller.Web web -> UserMetadata.of(web.user().identity());
      case Caller.RouteHolder holder -> UserMetadata.of(holder.user().identity());
      case Caller.Part part -> host(part.host());
      case Caller.Admin admin -> host(admin.host());
      case Caller.Joining joining -> UserMetadata.named(joining.name());
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

  static String cut(String text) {
    return text.length() > TEXT_LENGTH_MAX ? text.substring(0, TEXT_LENGTH_MAX) : text;
  }

  private static ControlException unavailable(AuditUnavailable cause) {
    return new ControlException(
        ErrorKind.UNAVAILABLE, "the audit log can't be written, so nothing is done", cause);
  }
}
