package dev.sallyport.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The locks of a moment, found by whom they hit. A lock hits who has all of its parts; one that
/// has ended hits nobody. Looking up costs as much as the subject has facts, however many locks
/// there are. Immutable.
public final class LockTable {
  /// No locks.
  public static final LockTable EMPTY = new LockTable(List.of());

  private final Map<LockPart, Map<String, List<Lock>>> byFirstPart = new EnumMap<>(LockPart.class);

  public LockTable(Collection<Lock> locks) {
    locks.stream()
        .sorted(Comparator.comparing(Lock::resourceName))
        .forEach(lock -> {
          // Every part of a lock must fit, so it is enough to find it by one of them.
          var first = lock.target().parts().entrySet().iterator().next();
          byFirstPart
              .computeIfAbsent(first.getKey(), _ -> new HashMap<>())
              .computeIfAbsent(first.getValue(), _ -> new ArrayList<>())
              .add(lock);
        });
  }

  /// A lock that is in force and hits the subject, if there is one.
  public Optional<Lock> on(LockSubject subject, Instant now) {
    for (var facts : subject.facts().entrySet()) {
      var locks = byFirstPart.get(facts.getKey());
      if (locks != null) {
        for (var value : facts.getValue()) {
          for (var lock : locks.getOrDefault(value, List.of())) {
            if (lock.inForce(now) && hits(lock, subject)) {
              return Optional.of(lock);
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean hits(Lock lock, LockSubject subject) {
    return lock.target().parts().entrySet().stream()
        .allMatch(part -> subject.has(part.getKey(), part.getValue()));
  }
}
