package dev.sallyport.agent.session;

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
  final Map<String, Role> roles = new ConcurrentHashMap<>();
  final AtomicLong version = new AtomicLong();
  final AtomicLong lookups = new AtomicLong();
  volatile boolean fresh = true;
  private final TrustBundle trust;

  FakeFacts(TrustBundle trust) {
    this.trust = trust;
  }

  @Override
  public boolean fresh(Instant now) {
    return fresh;
  }

  @Override
  public long version() {
    return version.get();
  }

  @Override
  public Optional<List<String>> rolesOf(String user) {
    lookups.incrementAndGet();
    return Optional.ofNullable(users.get(user));
  }

  @Override
  public Optional<Role> role(String name) {
    return Optional.ofNullable(roles.get(name));
  }

  @Override
  public TrustBundle trust() {
    return trust;
  }
}
