package dev.sallyport.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// All that can be said of somebody or something that a lock may hit.
public record LockSubject(Map<LockPart, Set<String>> facts) {
  public LockSubject {
    var copy = new EnumMap<LockPart, Set<String>>(LockPart.class);
    facts.forEach((part, values) -> copy.put(part, Set.copyOf(values)));
    facts = Collections.unmodifiableMap(copy);
  }

  /// A user as their certificate tells. All its roles count, also those that were taken away since:
  /// a lock keeps out, so it reaches wide.
  public static LockSubject of(UserIdentity identity) {
    var facts = new EnumMap<LockPart, Set<String>>(LockPart.class);
    facts.put(LockPart.USER, Set.of(identity.user()));
    facts.put(LockPart.ROLE, Set.copyOf(identity.roles()));
    var devices = new HashSet<String>();
    identity.mfaDevice().ifPresent(devices::add);
    identity.route().flatMap(Route::mfaDevice).ifPresent(devices::add);
    facts.put(LockPart.MFA_DEVICE, devices);
    var sessions = new HashSet<String>();
    identity.route().ifPresent(route -> sessions.add(route.sessionId()));
    identity.signIn().ifPresent(signIn -> sessions.add(signIn.id()));
    facts.put(LockPart.SESSION, sessions);
    return new LockSubject(facts);
  }

  /// One thing of which nothing else is known: a host, a join token.
  public static LockSubject of(LockPart part, String value) {
    return new LockSubject(Map.of(part, Set.of(value)));
  }

  /// The same with another fact.
  public LockSubject with(LockPart part, String value) {
    var more = new EnumMap<LockPart, Set<String>>(LockPart.class);
    more.putAll(facts);
    var values = new HashSet<>(facts.getOrDefault(part, Set.of()));
    values.add(value);
    more.put(part, values);
    return new LockSubject(more);
  }

  boolean has(LockPart part, String value) {
    return facts.getOrDefault(part, Set.of()).contains(value);
  }
}
