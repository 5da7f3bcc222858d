package dev.sallyport.net.tunnel;

import java.time.Duration;

/// How long the tunnel's ends wait for each other.
///
/// @param pingEvery how often the Proxy pings a parked connection
/// @param pongWithin how long the agent may take for the answer; later is death
/// @param openWithin how long the agent may take for ACCEPT or REFUSE; later, another connection is
///   tried
/// @param helloWithin how long TLS and HELLO may take
/// @param replacedWithin how long an agent whose connections were all taken counts as there
/// @param retryAtMost the longest pause between an agent's attempts to connect
/// @param adjustEvery how often an agent gives up what demand no longer asks for
public record TunnelTimings(
    Duration pingEvery,
    Duration pongWithin,
    Duration openWithin,
    Duration helloWithin,
    Duration replacedWithin,
    Duration retryAtMost,
    Duration adjustEvery) {
  /// What the product runs with.
  public static final TunnelTimings DEFAULT =
      new TunnelTimings(
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10));

  /// After so long without a ping, an agent takes its Proxy for dead.
  Duration silenceIsDeath() {
    return pingEvery.plus(pongWithin).plus(pongWithin);
  }
}
