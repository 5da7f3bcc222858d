package dev.sallyport.agent.upstream;

import java.time.Duration;

/// How long the client waits and how much it keeps.
///
/// @param handshake for TLS; connecting itself has the runtime's limit
/// @param answer without a byte from AWS, while one is waited for
/// @param idle after which a kept connection is closed; shorter than what AWS and DynamoDB Local
///   keep theirs, so that requests rarely meet a closing one
/// @param kept idle connections for each destination and event loop
public record UpstreamLimits(Duration handshake, Duration answer, Duration idle, int kept) {
  /// 5 s, 60 s, 20 s, 256.
  public static final UpstreamLimits DEFAULT =
      new UpstreamLimits(
          Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(20), 256);
}
