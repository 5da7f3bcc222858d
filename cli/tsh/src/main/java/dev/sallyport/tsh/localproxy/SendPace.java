package dev.sallyport.tsh.localproxy;

import java.time.Duration;

/// Whether a client sends what it owes at a pace: a head, or a piece of a body of which nothing may
/// leave yet. A client that sends a byte now and then pauses for no time that counts, so this is
/// about the whole. Looked at about once a second; lives on the connection's loop.
final class SendPace {
  private boolean owes;
  private long since;
  private long paid;

  /// A head is whole.
  void headCame() {
    owes = false;
  }

  /// So much of a body has come.
  void bodyCame(int bytes) {
    paid += bytes;
    if (paid >= LocalProxyLimits.PACE_BYTES) {
      owes = false;
    }
  }

  /// Whether it has owed the same for longer than this.
  ///
  /// @param owed whether anything is owed now
  boolean tooSlow(boolean owed, long now, Duration limit) {
    if (owed && !owes) {
      since = now;
      paid = 0;
    }
    owes = owed;
    return owed && now - since > limit.toNanos();
  }
}
