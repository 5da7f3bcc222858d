package dev.sallyport.auth.login;

import dev.sallyport.auth.state.ClientNetwork;
import dev.sallyport.auth.users.FailureLocks;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.UserStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The brake on guessing passwords.
///
/// After five failures within 30 minutes, a user name is closed to that address for 20 minutes: per
/// pair, so that nobody can lock another out from elsewhere. Guessing from many addresses closes
/// nothing, since that would be the way to lock somebody out: it makes every try under the name
/// wait, longer with each failure, and never more than four seconds. Names that do not exist are
/// braked alike, so the brake tells nothing. IPv6 addresses count by their network of 64 bits,
/// which one person holds.
///
/// Kept in memory: a restart forgets, and the oldest of ten thousand makes room. Safe for use by
/// many threads.
public final class FailureBrake implements FailureLocks {
  /// Failures after which a name is closed to an address.
  public static final int PAIR_FAILURES = 5;

  /// Failures, wherever they come from, after which tries under a name wait.
  public static final int NAME_FAILURES = 10;

  /// How long the first of them waits. Each further failure doubles it.
  public static final Duration DELAY_FIRST = Duration.ofMillis(250);

  /// The longest wait.
  public static final Duration DELAY_MAX = Duration.ofSeconds(4);

  /// How many tries wait at once. More than these do not wait: their own number slows them, since
  /// passwords are checked a few at a time, and waiting calls must not crowd out all others.
  public static final int WAITING_MAX = 256;

  /// How long a failure counts.
  public static final Duration MEMORY = Duration.ofMinutes(30);

  /// How long a name stays closed.
  public static final Duration CLOSED_FOR = Duration.ofMinutes(20);

  private static final int ENTRIES_MAX = 10_000;

  /// After so many failures more no wait grows.
  private static final int DOUBLINGS_MAX = 16;

  private final InstantSource clock;
  private final Pause pause;
  private final Semaphore waiting = new Semaphore(WAITING_MAX);
  private final Map<Key, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Failures> eldest) {
          return size() > ENTRIES_MAX;
        }
      };

  /// Lets a try wait.
  @FunctionalInterface
  interface Pause {
    /// Waits that long.
    void of(Duration time) throws InterruptedException;
  }

  /// @param clock by which failures are forgotten
  public FailureBrake(InstantSource clock) {
    // Nothing counts the latch down: the wait is all that is wanted.
    this(
        clock,
        time -> {
          var _ = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        });
  }

  FailureBrake(InstantSource clock, Pause pause) {
    this.clock = clock;
    this.pause = pause;
  }

  /// Whether this name may be tried from there now.
  public synchronized boolean open(String user, String address) {
    var entry = failures.get(Key.pair(user, address));
    return entry == null || !clock.instant().isBefore(entry.closedUntil());
  }

  /// Begins a try, until it is closed. Of tries at once no more are let in than may still fail, so
  /// that nobody makes many guesses before the first of them counts.
  ///
  /// @return empty if this name may not be tried from there now
  public synchronized Optional<Try> begin(String user, String address) {
    var key = Key.pair(user, address);
    var entry = failures.computeIfAbsent(key, _ -> new Failures());
    var now = clock.instant();
    if (now.isBefore(entry.closedUntil()) || entry.within(now) + entry.underWay >= PAIR_FAILURES) {
      return Optional.empty();
    }
    entry.underWay++;
    return Optional.of(new Try(() -> ended(key, entry)));
  }

  private synchronized void ended(Key key, Failures entry) {
    entry.underWay--;
    if (entry.isIdle()) {
      failures.remove(key, entry);
    }
  }

  /// A try that is under way; to be closed once, after its outcome is told.
  public static final class Try implements AutoCloseable {
    private final Runnable end;

    private Try(Runnable end) {
      this.end = end;
    }

    @Override
    public void close() {
      end.run();
    }
  }

  /// Waits if others failed under this name often.
  ///
  /// @throws ControlException of kind UNAVAILABLE if the thread is interrupted
  public void slow(String user) {
    var delay = delay(user);
    if (!delay.isPositive() || !waiting.tryAcquire()) {
      return;
    }
    try {
      pause.of(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlException(ErrorKind.UNAVAILABLE, "the service is stopping");
    } finally {
      waiting.release();
    }
  }

  /// How long a try under this name waits now.
  synchronized Duration delay(String user) {
    var entry = failures.get(Key.name(user));
    var over = entry == null ? 0 : entry.within(clock.instant()) - NAME_FAILURES;
    if (over < 0 || entry == null) {
      return Duration.ZERO;
    }
    var grown = DELAY_FIRST.multipliedBy(1L << Math.min(over, DOUBLINGS_MAX));
    return grown.compareTo(DELAY_MAX) < 0 ? grown : DELAY_MAX;
  }

  /// Counts a failed try.
  public synchronized void failed(String user, String address) {
    var now = clock.instant();
    var pair = failures.computeIfAbsent(Key.pair(user, address), _ -> new Failures());
    pair.add(now, PAIR_FAILURES);
    if (pair.within(now) >= PAIR_FAILURES) {
      pair.close(now);
    }
    var kept = NAME_FAILURES + DOUBLINGS_MAX;
    failures.computeIfAbsent(Key.name(user), _ -> new Failures()).add(now, kept);
  }

  /// Forgets the failures from there, after the right password.
  public synchronized void succeeded(String user, String address) {
    var key = Key.pair(user, address);
    var entry = failures.get(key);
    if (entry != null) {
      entry.forgive();
      if (entry.isIdle()) {
        failures.remove(key);
      }
    }
  }

  @Override
  public synchronized void clear(String user) {
    failures.keySet().removeIf(key -> key.user().equals(user));
  }

  @Override
  public synchronized Optional<UserStatus> lockOf(String user) {
    var now = clock.instant();
    return failures.entrySet().stream()
        .filter(entry -> entry.getKey().user().equals(user))
        .map(Map.Entry::getValue)
        .filter(entry -> now.isBefore(entry.closedUntil()))
        .max(Comparator.comparing(Failures::closedUntil))
        .map(entry -> FailureLocks.status(entry.closedSince, entry.closedUntil()));
  }

  /// What failures count for.
  ///
  /// @param network where they came from; empty = anywhere
  private record Key(String network, String user) {
    static Key pair(String user, String address) {
      return new Key(ClientNetwork.of(address), user);
    }

    static Key name(String user) {
      return new Key("", user);
    }
  }

  /// The failures of one key.
  private static final class Failures {
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
      while (!times.isEmpty() && times.getFirst().isBefore(now.minus(MEMORY))) {
        times.removeFirst();
      }
      return times.size();
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
      return closedSince.equals(Instant.MIN) ? Instant.MIN : closedSince.plus(CLOSED_FOR);
    }
  }
}
