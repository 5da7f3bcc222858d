package dev.sallyport.auth.login;

import dev.sallyport.auth.state.ClientNetwork;
import dev.sallyport.auth.state.Keys;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Failures by name and network, of which so many are kept; then the one that was not looked at for
/// longest makes room. A name that is longer than any user's is kept as its hash, so that nobody
/// fills the memory with names that they invent: about 1 KiB for each entry at most. For one thread
/// at a time.
final class FailureTable {
  /// The longest name that is kept as it is.
  static final int NAME_LENGTH_MAX = 64;

  private final Map<String, Set<Tried>> byUser = new HashMap<>();
  private final Map<Tried, Failures> entries;

  FailureTable(int entriesMax) {
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Tried, Failures> eldest) {
            if (size() <= entriesMax) {
              return false;
            }
            unlink(eldest.getKey());
            return true;
          }
        };
  }

  Optional<Failures> find(Tried key) {
    return Optional.ofNullable(entries.get(key));
  }

  Failures findOrMake(Tried key) {
    var known = entries.get(key);
    if (known != null) {
      return known;
    }
    var made = new Failures();
    byUser.computeIfAbsent(key.user(), _ -> new HashSet<>()).add(key);
    entries.put(key, made);
    return made;
  }

  /// Removes an entry, if it is still the one under its key.
  void remove(Tried key, Failures entry) {
    if (entries.remove(key, entry)) {
      unlink(key);
    }
  }

  void clear(String user) {
    for (var key : List.copyOf(keys(user))) {
      entries.remove(key);
      unlink(key);
    }
  }

  /// All entries of a name.
  List<Failures> of(String user) {
    return keys(user).stream().map(entries::get).toList();
  }

  /// How many entries there are.
  int size() {
    return entries.size();
  }

  private Set<Tried> keys(String user) {
    return byUser.getOrDefault(Tried.kept(user), Set.of());
  }

  private void unlink(Tried key) {
    var left = byUser.get(key.user());
    if (left != null && left.remove(key) && left.isEmpty()) {
      byUser.remove(key.user());
    }
  }

  /// What failures count for.
  ///
  /// @param network where they came from; empty = anywhere
  record Tried(String network, String user) {
    static Tried pair(String user, String address) {
      return new Tried(kept(ClientNetwork.of(address)), kept(user));
    }

    static Tried name(String user) {
      return new Tried("", kept(user));
    }

    /// No other text is kept as the hash of one: it is longer than what is kept as it is.
    private static String kept(String text) {
      return text.length() <= NAME_LENGTH_MAX ? text : "sha256:" + Keys.hash(text);
    }
  }

  /// The failures of one key.
  static final class Failures {
    private final Deque<Instant> times = new ArrayDeque<>();
    private Instant closedSince = Instant.MIN;

    /// Tries that have no outcome yet.
    private int underWay;

    /// @param kept of more than these the oldest is forgotten
    void add(Instant now, int kept) {
      within(now);
      times.addLast(now);
      if (times.size() > kept) {
        times.removeFirst();
      }
    }

    /// How many still count.
    int within(Instant now) {
      while (!times.isEmpty() && times.getFirst().isBefore(now.minus(FailureBrake.MEMORY))) {
        times.removeFirst();
      }
      return times.size();
    }

    void begin() {
      underWay++;
    }

    void end() {
      underWay--;
    }

    int underWay() {
      return underWay;
    }

    Instant closedSince() {
      return closedSince;
    }

    void close(Instant now) {
      closedSince = now;
      times.clear();
    }

    void forgive() {
      closedSince = Instant.MIN;
      times.clear();
    }

    /// Whether forgetting it changes nothing.
    boolean isIdle() {
      return underWay == 0 && times.isEmpty() && closedSince.equals(Instant.MIN);
    }

    Instant closedUntil() {
      return closedSince.equals(Instant.MIN)
          ? Instant.MIN
          : closedSince.plus(FailureBrake.CLOSED_FOR);
    }
  }
}
