package dev.sallyport.control.admission;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Counts what each client address does against a [Rate] (token bucket).
///
/// An IPv6 client is counted by its /64 network, which one machine has to itself. Memory is
/// bounded: beyond [#ADDRESSES_MAX] the address that was silent longest is forgotten, so a flood
/// from many addresses can win back tries only by being spread that widely. Safe from any thread;
/// never parks one.
public final class AddressLimiter {
  /// How many addresses are remembered.
  public static final int ADDRESSES_MAX = 65_536;

  private static final int IPV6_NETWORK_BYTES = 8;

  private final Rate rate;
  private final int addressesMax;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ByteBuffer, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Bucket {
    double tokens;
    long atNanos;
  }

  /// A limiter on the machine's monotonic clock.
  public AddressLimiter(Rate rate) {
    this(rate, ADDRESSES_MAX, System::nanoTime);
  }

  /// A limiter with its own clock and memory.
  AddressLimiter(Rate rate, int addressesMax, LongSupplier nanos) {
    this.rate = rate;
    this.addressesMax = addressesMax;
    this.nanos = nanos;
  }

  /// Takes one try of this address; false when it has none left.
  public boolean tryAcquire(InetAddress address) {
    var key = key(address);
    long now = nanos.getAsLong();
    enter();
    try {
      var bucket = buckets.get(key);
      if (bucket == null) {
        forgetOne();
        bucket = new Bucket();
        bucket.tokens = rate.burst();
        bucket.atNanos = now;
        buckets.put(key, bucket);
      }
      double gained = (double) (now - bucket.atNanos) / rate.refill().toNanos();
      bucket.tokens = Math.min(rate.burst(), bucket.tokens + Math.max(0, gained));
      bucket.atNanos = now;
      if (bucket.tokens < 1) {
        return false;
      }
      bucket.tokens -= 1;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// The few instructions under the lock are not worth parking an event loop for; yielding lets a
  /// holder that lost its core finish.
  @SuppressWarnings("ThreadPriorityCheck") // correct without the yield; it only shortens the wait
  private void enter() {
    while (!lock.tryLock()) {
      Thread.yield();
    }
  }

  /// How many addresses are remembered now.
  int remembered() {
    enter();
    try {
      return buckets.size();
    } finally {
      lock.unlock();
    }
  }

  private void forgetOne() {
    if (buckets.size() >= addressesMax) {
      var eldest = buckets.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  static ByteBuffer key(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(
        address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
  }
}
