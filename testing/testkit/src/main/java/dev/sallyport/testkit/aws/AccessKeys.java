package dev.sallyport.testkit.aws;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Every key that the stand-in knows or has given out. Safe for any thread.
final class AccessKeys {

  private final Map<String, AccessKey> keys = new ConcurrentHashMap<>();

  void add(AccessKey key) {
    keys.put(key.id(), key);
  }

  Optional<AccessKey> find(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  List<AccessKey> all() {
    return List.copyOf(keys.values());
  }

  /// Forgets every temporary key, as if AWS had revoked the sessions.
  void forgetSessions() {
    keys.values().removeIf(key -> key.token().isPresent());
  }
}
