package dev.sallyport.agent.session;

import dev.sallyport.control.UserRoles;
import dev.sallyport.control.ViewStanding;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Database;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.LockTable;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Role;
import dev.sallyport.pki.TrustBundle;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A picture of the cluster that a test paints.
final class FakeFacts implements ClusterFacts {
  final Map<String, List<String>> users = new ConcurrentHashMap<>();
  final Map<String, Map<String, List<String>>> traits = new ConcurrentHashMap<>();
  final Map<String, Instant> since = new ConcurrentHashMap<>();
  final Map<String, Lock> locks = new ConcurrentHashMap<>();
  final Map<String, Role> roles = new ConcurrentHashMap<>();
  final Map<String, Database> databases = new ConcurrentHashMap<>();
  final AtomicLong version = new AtomicLong();
  final AtomicLong lookups = new AtomicLong();
  final AtomicLong notSeen = new AtomicLong();
  volatile boolean fresh = true;
  volatile ViewStanding notFresh = ViewStanding.SILENT;
  volatile Instant sure = Instant.parse("2029-12-31T23:59:58Z");
  volatile LockingMode mode = LockingMode.STRICT;
  volatile boolean sessionMfa;
  volatile AuthPreference.Idle idle = AuthPreference.Idle.NEVER;
  volatile TrustBundle trust;

  FakeFacts(TrustBundle trust) {
    this.trust = trust;
  }

  @Override
  public ViewStanding standing(Instant now) {
    if (fresh) {
      return ViewStanding.FRESH;
    }
    notSeen.incrementAndGet();
    return notFresh;
  }

  @Override
  public Instant sure() {
    return sure;
  }

  @Override
  public LockingMode lockingMode() {
    return mode;
  }

  @Override
  public boolean sessionMfa() {
    return sessionMfa;
  }

  @Override
  public AuthPreference.Idle idle() {
    return idle;
  }

  @Override
  public long version() {
    return version.get();
  }

  @Override
  public Optional<UserRoles> user(String name) {
    lookups.incrementAndGet();
    return Optional.ofNullable(users.get(name))
        .map(roles ->
            new UserRoles(
                name,
                roles,
                Optional.ofNullable(traits.get(name)),
                Optional.ofNullable(since.get(name))));
  }

  @Override
  public Optional<Lock> lockOn(LockSubject subject, Instant now) {
    return new LockTable(locks.values()).on(subject, now);
  }

  void lock(Lock lock) {
    locks.put(lock.resourceName(), lock);
    version.incrementAndGet();
  }

  void unlock(String name) {
    locks.remove(name);
    version.incrementAndGet();
  }

  @Override
  public Optional<Role> role(String name) {
    return Optional.ofNullable(roles.get(name));
  }

  @Override
  public Database labelled(Database database) {
    return databases.getOrDefault(database.name(), database);
  }

  @Override
  public TrustBundle trust() {
    return trust;
  }
}
