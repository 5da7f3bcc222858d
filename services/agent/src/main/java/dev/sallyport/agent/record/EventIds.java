package dev.sallyport.agent.record;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// Unique ids for events and requests, in the form of a UUID: 62 random bits of this start of the
/// agent, then a count. They are names and no secrets, and cheap enough for one a request.
public final class EventIds {
  private static final long VERSION_8 = 0x8000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private static final long COUNT = 0x3fff_ffff_ffff_ffffL;

  private final long start;
  private final AtomicLong count;

  public EventIds(SecureRandom random) {
    start = (random.nextLong() & ~0xf000L) | VERSION_8;
    count = new AtomicLong(random.nextLong() >>> 8);
  }

  /// An id that was never given before.
  public String next() {
    return new UUID(start, (count.incrementAndGet() & COUNT) | VARIANT).toString();
  }
}
