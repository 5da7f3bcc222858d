package dev.sallyport.control;

import dev.sallyport.model.AuthConnector;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockTable;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.User;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.resources.ResourceJson;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a service knows of its cluster: roles, users, locks, authorities, databases. Fed by one
/// [ClusterWatcher]; read by any thread without waiting.
///
/// ```
///   behind ──synced──▶ current ──lost or a bad line──▶ behind
///      │ reset: a new picture is collected aside, the old one still answers
///      └────────────── and takes its place as a whole at synced
/// ```
///
/// It is *fresh* when it is current and Auth was heard within [#FRESH_FOR]. Whoever judges by it
/// asks for that first: an old picture may lack a lock or a lost role. After a silence the first
/// beats may have lain in a buffer since long ago, so it is fresh again only with one that came
/// [#UNBUFFERED] after another.
public final class ClusterView {
  /// How long silence from Auth is no sign of an old picture.
  public static final Duration FRESH_FOR = Duration.ofSeconds(1);

  /// How long after the last fresh moment a picture may be gone on with by who takes that risk.
  public static final Duration BEST_EFFORT_FOR = Duration.ofMinutes(5);

  /// Beats that come closer than this came out of a buffer.
  static final Duration UNBUFFERED = Duration.ofMillis(100);

  private final InstantSource clock;
  private final List<Runnable> lockListeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> authorityListeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> databaseListeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition caughtUp = lock.newCondition();
  private volatile Picture picture;
  private volatile boolean current;
  private volatile boolean settling;
  private volatile boolean catchingUp;
  private volatile boolean refused;
  private volatile Instant heard = Instant.MIN;
  private volatile Instant sure = Instant.MIN;
  private Instant lastBeat = Instant.MIN;
  private final AtomicLong version = new AtomicLong();
  private final AtomicLong databasesVersion = new AtomicLong();
  private @Nullable Picture collecting;
  private long revision;
  private long begun;

  /// An empty view that knows only the authorities with which the service starts.
  public ClusterView(TrustBundle initial, InstantSource clock) {
    this.clock = clock;
    this.picture = new Picture(initial);
  }

  /// The role of that name.
  public Optional<Role> role(String name) {
    return Optional.ofNullable(picture.roles.get(name));
  }

  /// What is known of a user now; empty when there is no such user any more.
  public Optional<UserRoles> user(String name) {
    return Optional.ofNullable(picture.users.get(name));
  }

  /// The roles that a user has now; empty when there is no such user any more.
  public Optional<List<String>> rolesOf(String user) {
    return user(user).map(UserRoles::roles);
  }

  /// The locks of now.
  public LockTable locks() {
    return picture.lockTable;
  }

  /// Calls this after each change of locks, on the watcher's thread.
  public void whenLocksChange(Runnable listener) {
    lockListeners.add(listener);
  }

  /// Calls this after each change of authorities, on the watcher's thread.
  public void whenAuthoritiesChange(Runnable listener) {
    authorityListeners.add(listener);
  }

  /// Calls this after changes of databases, on the watcher's thread.
  public void whenDatabasesChange(Runnable listener) {
    databaseListeners.add(listener);
  }

  /// The databases that were created in the cluster and that this service may learn of; none for
  /// who did not ask for them.
  public List<Database> databases() {
    return List.copyOf(picture.databases.values());
  }

  /// The authorities that are trusted now.
  public TrustBundle trust() {
    return picture.trust;
  }

  /// The authority of that kind with what becomes of its keys; empty until it was heard of.
  public Optional<CertAuthority> authority(CaKind kind) {
    return Optional.ofNullable(picture.authorities.get(kind.wireName()));
  }

  /// How people sign in, and what holds for sessions; the default for who did not ask for it.
  public AuthPreference preference() {
    return picture.preference;
  }

  /// Every database as each of its agents announced it.
  public List<DatabaseServer> databaseServers() {
    return List.copyOf(picture.servers.values());
  }

  /// The announcements of one database.
  public Stream<DatabaseServer> serversOf(String database) {
    return picture.servers.values().stream()
        .filter(server -> server.database().name().equals(database));
  }

  /// Whether this can be judged by: caught up, and heard from within [#FRESH_FOR] before `now`.
  public boolean fresh(Instant now) {
    var last = heard;
    return current
        && !settling
        && !last.isBefore(now.minus(FRESH_FOR))
        && !last.isAfter(now.plus(FRESH_FOR));
  }

  /// How far this can be judged by.
  public ViewStanding standing(Instant now) {
    if (fresh(now)) {
      return ViewStanding.FRESH;
    }
    var last = sure;
    return refused
            || catchingUp
            || settling
            || last.isBefore(now.minus(BEST_EFFORT_FOR))
            || last.isAfter(now.plus(FRESH_FOR))
        ? ViewStanding.UNUSABLE
        : ViewStanding.SILENT;
  }

  /// The last moment at which this was fresh; [Instant#MIN] if it never was.
  public Instant sure() {
    return sure;
  }

  /// Moves with every change that can alter a judgement: of roles, users, locks or authorities. Who
  /// has judged at one version need not judge again until it moves.
  public long version() {
    return version.get();
  }

  /// Waits until the view has caught up; false when that takes longer.
  public boolean awaitSynced(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (!current) {
        if (left <= 0) {
          return false;
        }
        left = caughtUp.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// From where the next stream goes on.
  long revision() {
    lock.lock();
    try {
      return revision;
    } finally {
      lock.unlock();
    }
  }

  /// The stream was lost or begins anew: not to be judged by until the next `synced`. A picture
  /// that was being collected is dropped, since the rest of it will not come.
  ///
  /// @param byRefusal whether Auth was heard, and does not give this service its view any more
  void behind(boolean byRefusal) {
    lock.lock();
    try {
      refused = byRefusal;
      catchingUp = false;
      settling = false;
      current = false;
      collecting = null;
      begun = revision;
    } finally {
      lock.unlock();
    }
  }

  /// Takes one line of the stream. A line that cannot be understood is refused: the stream must
  /// then be given up, since without it the picture would be wrong.
  void take(WatchEvent event) {
    var before = locks();
    var authorities = Map.copyOf(picture.authorities);
    var databases = databasesVersion.get();
    apply(event);
    if (!before.equals(locks())) {
      lockListeners.forEach(Runnable::run);
    }
    if (!authorities.equals(picture.authorities)) {
      authorityListeners.forEach(Runnable::run);
    }
    if (databases != databasesVersion.get()) {
      databaseListeners.forEach(Runnable::run);
    }
  }

  private void apply(WatchEvent event) {
    lock.lock();
    try {
      var now = clock.instant();
      if (current) {
        settle(event, now);
      } else {
        catchingUp = true;
      }
      switch (event.type()) {
        case RESET -> {
          current = false;
          catchingUp = true;
          revision = 0;
          begun = 0;
          collecting = new Picture(picture.trust);
        }
        case PUT -> put(event);
        case DELETE -> delete(event);
        case SYNCED -> {
          synced();
          whole(event.revision());
        }
        case BEAT -> whole(event.revision());
      }
      heard = now;
      if (current && !settling) {
        sure = now;
      }
    } finally {
      lock.unlock();
    }
  }

  private void settle(WatchEvent event, Instant now) {
    if (heard.isBefore(now.minus(FRESH_FOR))) {
      settling = true;
      lastBeat = Instant.MAX;
    }
    if (event.type() == WatchType.BEAT) {
      if (settling && !lastBeat.equals(Instant.MAX) && !now.isBefore(lastBeat.plus(UNBUFFERED))) {
        settling = false;
      }
      lastBeat = now;
    }
  }

  private void synced() {
    var whole = collecting;
    if (whole != null) {
      collecting = null;
      whole.buildTrust();
      whole.buildLocks();
      if (!whole.databases.equals(picture.databases)) {
        databasesVersion.incrementAndGet();
      }
      picture = whole;
      version.incrementAndGet();
    }
    current = true;
    catchingUp = false;
    settling = false;
    refused = false;
    caughtUp.signalAll();
  }

  /// Everything up to this revision was taken. While a picture is being collected there is none to
  /// go on from.
  private void whole(long to) {
    if (collecting == null) {
      revision = Math.max(revision, to);
      begun = revision;
    }
  }

  /// A change of this revision was taken. One commit may hold several, so only the one before is
  /// known to be whole.
  private void begun(long to) {
    if (collecting == null && to > begun) {
      revision = Math.max(revision, begun);
      begun = to;
    }
  }

  private void put(WatchEvent event) {
    var kind = kind(event);
    var name = name(event);
    var value = event.value().orElseThrow(() -> broken("a put of " + name + " has no value", null));
    var target = collecting == null ? picture : collecting;
    try {
      if (kind == Kind.USER) {
        var user = ControlJson.ANSWERS.treeToValue(value, UserRoles.class);
        target.users.put(user.name(), user);
      } else {
        target.put(name, read(kind, value));
      }
    } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
      throw broken("the " + kind.wireName() + " '" + name + "' is not understood", e);
    }
    changed(kind, event.revision());
  }

  private void delete(WatchEvent event) {
    var kind = kind(event);
    var target = collecting == null ? picture : collecting;
    target.remove(kind, name(event));
    changed(kind, event.revision());
  }

  private void changed(Kind kind, long to) {
    if (collecting == null) {
      if (kind == Kind.CERT_AUTHORITY) {
        picture.buildTrust();
      }
      if (kind == Kind.LOCK) {
        picture.buildLocks();
      }
      if (kind == Kind.DB) {
        databasesVersion.incrementAndGet();
      } else if (kind != Kind.DB_SERVER) {
        version.incrementAndGet();
      }
    }
    begun(to);
  }

  private static Resource read(Kind kind, JsonNode value) {
    Resource resource = ResourceJson.fromJson(value);
    if (resource.kind() != kind) {
      throw new IllegalArgumentException("it is a " + resource.kind().wireName());
    }
    return resource;
  }

  private static Kind kind(WatchEvent event) {
    return event
        .kind()
        .flatMap(Kind::parse)
        .orElseThrow(() -> broken("a change has no known kind", null));
  }

  private static String name(WatchEvent event) {
    return event.name().orElseThrow(() -> broken("a change has no name", null));
  }

  private static ControlException broken(String why, @Nullable Throwable cause) {
    var message = "the Auth Service's watch cannot be followed: " + why;
    return cause == null
        ? new ControlException(ErrorKind.INTERNAL, message)
        : new ControlException(ErrorKind.INTERNAL, message + ": " + cause.getMessage(), cause);
  }

  /// One state of the cluster. Changed only under the view's lock, read without.
  private static final class Picture {
    private final Map<String, Role> roles = new ConcurrentHashMap<>();
    private final Map<String, UserRoles> users = new ConcurrentHashMap<>();
    private final Map<String, DatabaseServer> servers = new ConcurrentHashMap<>();
    private final Map<String, Database> databases = new ConcurrentHashMap<>();
    private final Map<String, CertAuthority> authorities = new ConcurrentHashMap<>();
    private final Map<String, Lock> locks = new ConcurrentHashMap<>();
    private volatile LockTable lockTable = LockTable.EMPTY;
    private volatile AuthPreference preference = AuthPreference.DEFAULT;
    private volatile TrustBundle trust;

    Picture(TrustBundle trust) {
      this.trust = trust;
    }

    void put(String name, Resource resource) {
      switch (resource) {
        case Role role -> roles.put(name, role);
        case DatabaseServer server -> servers.put(name, server);
        case CertAuthority authority -> authorities.put(name, authority);
        case AuthPreference known -> preference = known;
        case AuthConnector connector -> throw unexpected(connector);
        case User user -> throw unexpected(user);
        case ProvisionToken token -> throw unexpected(token);
        case Database database -> databases.put(name, database);
        case Lock lock -> locks.put(name, lock);
      }
    }

    void remove(Kind kind, String name) {
      switch (kind) {
        case ROLE -> roles.remove(name);
        case USER -> users.remove(name);
        case DB_SERVER -> servers.remove(name);
        case DB -> databases.remove(name);
        case CERT_AUTHORITY -> authorities.remove(name);
        case LOCK -> locks.remove(name);
        case CLUSTER_AUTH_PREFERENCE -> preference = AuthPreference.DEFAULT;
        case TOKEN, GITHUB, OIDC, SAML ->
            throw broken("a " + kind.wireName() + " was not asked for", null);
      }
    }

    void buildLocks() {
      lockTable = new LockTable(locks.values());
    }

    /// Without any authority in the stream, as for who did not ask for them, the first ones stay.
    void buildTrust() {
      if (authorities.isEmpty()) {
        return;
      }
      var users = new ArrayList<X509Certificate>();
      var hosts = new ArrayList<X509Certificate>();
      for (var authority : authorities.values()) {
        var into =
            CaKind.parse(authority.type())
                .map(kind -> kind == CaKind.USER ? users : hosts)
                .orElseThrow(() -> broken("an authority of an unknown kind", null));
        try {
          for (var pair : authority.active()) {
            into.add(Pem.certificate(pair.certPem()));
          }
          for (var pair : authority.additional()) {
            into.add(Pem.certificate(pair.certPem()));
          }
        } catch (PemException e) {
          throw broken("an authority cannot be read", e);
        }
      }
      try {
        trust = new TrustBundle(trust.clusterName(), users, hosts);
      } catch (IllegalArgumentException e) {
        throw broken("the authorities cannot be trusted", e);
      }
    }

    private static IllegalArgumentException unexpected(Resource resource) {
      return new IllegalArgumentException("a " + resource.kind().wireName() + " was not asked for");
    }
  }
}
