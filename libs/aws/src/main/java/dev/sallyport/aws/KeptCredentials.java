package dev.sallyport.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// What a source gave, kept as long as it is good. Fetched again ahead of its end by one of those
/// who ask, while the others get what is there; a source that fails then costs nothing until the
/// end. Safe for use by any thread; blocks.
final class KeptCredentials implements AutoCloseable {
  static final Duration REFRESH_AHEAD = Duration.ofMinutes(5);

  /// How long a source that failed ahead of the end is left alone.
  static final Duration RETRY = Duration.ofSeconds(5);

  private final CredentialSource source;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Kept kept;

  private record Kept(AwsCredentials credentials, Object stamp, Instant refresh, Instant end) {
    boolean isFresh(Object now, Instant time) {
      return stamp.equals(now) && time.isBefore(refresh);
    }

    boolean isGood(Object now, Instant time) {
      return stamp.equals(now) && time.isBefore(end);
    }
  }

  KeptCredentials(CredentialSource source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  String name() {
    return source.name();
  }

  Object stamp() {
    return source.stamp();
  }

  AwsCredentials get() throws SourceFailure {
    var stamp = source.stamp();
    var last = kept;
    if (last != null && last.isFresh(stamp, clock.instant())) {
      return last.credentials;
    }
    if (last != null && last.isGood(stamp, clock.instant())) {
      return lock.tryLock() ? refreshed(last) : last.credentials;
    }
    lock.lock();
    try {
      var meanwhile = kept;
      return meanwhile != null && meanwhile.isFresh(stamp, clock.instant())
          ? meanwhile.credentials
          : fetched();
    } finally {
      lock.unlock();
    }
  }

  /// By who holds the lock, which is released.
  private AwsCredentials refreshed(Kept last) {
    try {
      return fetched();
    } catch (SourceFailure e) {
      kept = new Kept(last.credentials, last.stamp, clock.instant().plus(RETRY), last.end);
      return last.credentials;
    } finally {
      lock.unlock();
    }
  }

  private AwsCredentials fetched() throws SourceFailure {
    var stamp = source.stamp();
    var own = source.fetch();
    var now = clock.instant();
    var end = own.end().orElse(Instant.MAX);
    kept = new Kept(own.credentials(), stamp, own.end().map(it -> ahead(now, it)).orElse(end), end);
    return own.credentials();
  }

  private static Instant ahead(Instant now, Instant end) {
    var quarter = Duration.between(now, end).dividedBy(4);
    return end.minus(quarter.compareTo(REFRESH_AHEAD) < 0 ? quarter : REFRESH_AHEAD);
  }

  @Override
  public void close() {
    source.close();
  }
}
