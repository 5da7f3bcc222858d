package dev.sallyport.control.admission;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;

/// Counts what is open of each client address, an IPv6 client by its /64 network. Safe from any
/// thread; remembers no more addresses than have something open.
public final class AddressCounts {
  private final int most;
  private final ConcurrentHashMap<ByteBuffer, Integer> open = new ConcurrentHashMap<>();

  /// @param most that one address may have open; 0 = no limit
  public AddressCounts(int most) {
    this.most = most;
  }

  /// Opens one more; false when the address has as many as it may.
  public boolean open(InetAddress address) {
    if (most == 0) {
      return true;
    }
    var key = AddressLimiter.key(address);
    if (open.merge(key, 1, Integer::sum) > most) {
      forget(key);
      return false;
    }
    return true;
  }

  /// One that was opened is closed.
  public void closed(InetAddress address) {
    if (most != 0) {
      forget(AddressLimiter.key(address));
    }
  }

  private void forget(ByteBuffer key) {
    open.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
  }

  /// How many addresses have something open.
  int remembered() {
    return open.size();
  }
}
