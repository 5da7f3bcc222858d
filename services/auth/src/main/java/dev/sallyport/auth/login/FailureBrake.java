package dev.sallyport.auth.login;

import dev.sallyport.auth.login.FailureTable.Failures;
import dev.sallyport.auth.login.FailureTable.Tried;
import dev.sallyport.auth.users.FailureLocks;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.UserStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
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
/// Kept in memory, in a [FailureTable] of ten thousand entries: a restart forgets, and the one that
/// was not looked at for longest makes room. Safe for use by many threads.
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

  /// How many names and pairs of a name and an address are kept.
  static final int ENTRIES_MAX = 10_000;

  /// After so many failures more no wait grows.
  private static final int DOUBLINGS_MAX = 16;

  private final InstantSource clock;
  private final Pause pause;
  private final Semaphore waiting = new Semaphore(WAITING_MAX);
  private final FailureTable failures = new FailureTable(ENTRIES_MAX);

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
    var entry = failures.find(Tried.pair(user, address));
    return entry.isEmpty() || !clock.instant().isBefore(entry.get().closedUntil());
  }

  /// Begins a try, until it is closed. Of tries at once no more are let in than may still fail, so
  /// that nobody makes many guesses before the first of them counts.
  ///
  /// @return empty if this name may not be tried from there now
  public synchronized Optional<Try> begin(String user, String address) {
    var key = Tried.pair(user, address);
    var entry = failures.findOrMake(key);
    var now = clock.instant();
    if (now.isBefore(entry.closedUntil())
        || entry.within(now) + entry.underWay() >= PAIR_FAILURES) {
      return Optional.empty();
    }
    entry.begin();
    return Optional.of(new Try(() -> ended(key, entry)));
  }

  private synchronized void ended(Tried key, Failures entry) {
    entry.end();
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
    var counted = failures.find(Tried.name(user)).map(entry -> entry.within(clock.instant()));
    var over = counted.orElse(0) - NAME_FAILURES;
    if (over < 0) {
      return Duration.ZERO;
    }
    var grown = DELAY_FIRST.multipliedBy(1L << Math.min(over, DOUBLINGS_MAX));
    return grown.compareTo(DELAY_MAX) < 0 ? grown : DELAY_MAX;
  }

  /// Counts a failed try.
  public synchronized void failed(String user, String address) {
    var now = clock.instant();
    var pair = failures.findOrMake(Tried.pair(user, address));
    pair.add(now, PAIR_FAILURES);
    if (pair.within(now) >= PAIR_FAILURES) {
      pair.close(now);
    }
    var kept = NAME_FAILURES + DOUBLINGS_MAX;
    failures.findOrMake(Tried.name(user)).add(now, kept);
  }

  /// Forgets the failures from there, after the right password.
  public synchronized void succeeded(String user, String address) {
    var key = Tried.pair(user, address);
    failures
        .find(key)
        .ifPresent(entry -> {
          entry.forgive();
          if (entry.isIdle()) {
            failures.remove(key, entry);
          }
        });
  }

  @Override
  public synchronized void clear(String user) {
    failures.clear(user);
  }

  @Override
  public synchronized Optional<UserStatus> lockOf(String user) {
    var now = clock.instant();
    return failures.of(user).stream()
        .filter(entry -> now.isBefore(entry.closedUntil()))
        .max(Comparator.comparing(Failures::closedUntil))
        .map(entry -> FailureLocks.status(entry.closedSince(), entry.closedUntil()));
  }
}
