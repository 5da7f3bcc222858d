package dev.sallyport.agent.http;

import java.time.Duration;

/// What a client may send, and how slowly it may send and read.
///
/// @param headBytes request line and headers together
/// @param bodyBytes a body; above DynamoDB's 16 MB, so that AWS itself refuses what is too long
/// @param pace a request that has begun must go on: its head whole in this time, and of its body at
///   least `paceBytes` (or the rest) in each such time
/// @param paceBytes see `pace`
/// @param idle after this long without a request the connection is closed; tsh closes idle ones
///   long before, so that no request races with it
/// @param answer an answer must go on: a client that leaves its connection full for this long, so
///   that it took less than 32 KiB in that time, is cut off
public record ReaderLimits(
    int headBytes, int bodyBytes, Duration pace, int paceBytes, Duration idle, Duration answer) {
  /// 16 KiB, 17 MiB, 15 s for 256 KiB, 15 minutes, 30 s.
  public static final ReaderLimits DEFAULT =
      new ReaderLimits(
          16 << 10,
          17 << 20,
          Duration.ofSeconds(15),
          256 << 10,
          Duration.ofMinutes(15),
          Duration.ofSeconds(30));
}
