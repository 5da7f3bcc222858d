package dev.sallyport.testkit.site;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Resets one connection of a {@link FaultyLine}: the first that carries more bytes one way than it
 * lets pass. The rest of the line is left alone. Safe from any thread.
 */
public final class Fuse {
  private final long lets;
  private final Predicate<FaultyLine.Leg> watched;
  // Guarded by this.
  private final Map<FaultyLine.Leg, Long> carried = new HashMap<>();
  private boolean blown;

  /**
   * Counts from now on.
   *
   * @param watched whether a connection's way is one of those that may be reset
   */
  Fuse(long lets, Predicate<FaultyLine.Leg> watched) {
    this.lets = lets;
    this.watched = watched;
  }

  /**
   * How many of the next bytes may pass.
   *
   * @return fewer than there are: the connection is to be reset after these
   */
  synchronized int pass(FaultyLine.Leg leg, int bytes) {
    if (blown || !watched.test(leg)) {
      return bytes;
    }
    long after = carried.merge(leg, (long) bytes, Long::sum);
    blown = after > lets;
    return blown ? (int) (lets - (after - bytes)) : bytes;
  }

  /** Whether a connection was reset. */
  public synchronized boolean blown() {
    return blown;
  }

  /** The most bytes that one connection has carried since, or would have. */
  public synchronized long most() {
    return carried.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
