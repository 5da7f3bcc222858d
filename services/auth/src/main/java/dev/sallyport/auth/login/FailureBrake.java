package dev.sallyport.auth.login;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The brake on guessing passwords.
///
/// After five failures within 30 minutes, a user name is closed to that address for 20 minutes: per
/// pair, so that nobody can lock another out from elsewhere. Against guessing from many addresses,
/// a name is closed to all after fifty. Names that do not exist are braked alike, so the brake
/// tells nothing. IPv6 addresses count by their network of 64 bits, which one person holds.
///
/// Kept in memory: a restart forgets, and the oldest of ten thousand makes room. Safe for use by
/// many threads.
public final class FailureBrake {
  /// Failures after which a name is closed to an address.
  public static final int PAIR_FAILURES = 5;

  /// Failures after which a name is closed to everybody.
  public static final int NAME_FAILURES = 50;

  /// How long a failure counts.
  public static final Duration MEMORY = Duration.ofMinutes(30);

  /// How long a name stays closed.
  public static final Duration CLOSED_FOR = Duration.ofMinutes(20);

  private static final int ENTRIES_MAX = 10_000;

  private final InstantSource clock;
  private final Map<String, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > ENTRIES_MAX;
        }
      };

  public FailureBrake(InstantSource clock) {
    this.clock = clock;
  }

  /// Whether this name may be tried from there now.
  public synchronized boolean open(String user, String address) {
    var now = clock.instant();
    return isOpen(pair(user, address), now) && isOpen(name(user), now);
  }

  /// Counts a failed try.
  public synchronized void failed(String user, String address) {
    var now = clock.instant();
    failures.computeIfAbsent(pair(user, address), _ -> new Failures()).add(now, PAIR_FAILURES);
    failures.computeIfAbsent(name(user), _ -> new Failures()).add(now, NAME_FAILURES);
  }

  /// Forgets the failures from there, after the right password.
  public synchronized void succeeded(String user, String address) {
    failures.remove(pair(user, address));
  }

  private boolean isOpen(String key, Instant now) {
    var entry = failures.get(key);
    return entry == null || !now.isBefore(entry.closedUntil);
  }

  private static String pair(String user, String address) {
    return network(address) + " " + user;
  }

  private static String name(String user) {
    return "* " + user;
  }

  private static String network(String address) {
    try {
      var bytes = InetAddress.ofLiteral(address).getAddress();
      var counted = bytes.length == 16 ? Arrays.copyOf(bytes, 8) : bytes;
      return HexFormat.of().formatHex(counted);
    } catch (IllegalArgumentException e) {
      return address.toLowerCase(Locale.ROOT);
    }
  }

  /// The failures of one key.
  private static final class Failures {
    private final Deque<Instant> times = new ArrayDeque<>();
    private Instant closedUntil = Instant.MIN;

    void add(Instant now, int limit) {
      while (!times.isEmpty() && times.getFirst().isBefore(now.minus(MEMORY))) {
        times.removeFirst();
      }
      times.addLast(now);
      if (times.size() >= limit) {
        closedUntil = now.plus(CLOSED_FOR);
        times.clear();
      }
    }
  }
}
