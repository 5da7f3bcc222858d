package dev.sallyport.agent;

import java.time.Duration;

/// How much the agent holds and how long it waits.
///
/// @param tunnelMin connections that are always parked at the Proxy
/// @param tunnelMax the most that are parked or coming at one time
/// @param bodyBytes memory for the bodies of all requests
/// @param bodyBytesOfUser memory for those of one user
/// @param bodyPatience how long a request waits for such memory
/// @param drain how long a stopping agent waits for answers that are under way
/// @param threads event loops
public record AgentLimits(
    int tunnelMin,
    int tunnelMax,
    long bodyBytes,
    long bodyBytesOfUser,
    Duration bodyPatience,
    Duration drain,
    int threads) {
  private static final long LARGEST_BODY = 17L << 20;
  private static final long MOST_BODIES = 256L << 20;
  private static final int BODY_PART_OF_HEAP = 4;

  /// What fits this process: a quarter of the heap for bodies, but at least two of the largest and
  /// at most 256 MiB; half of it for one user.
  public static AgentLimits ofThisProcess() {
    long quarter = Runtime.getRuntime().maxMemory() / BODY_PART_OF_HEAP;
    long bodies = Math.max(2 * LARGEST_BODY, Math.min(quarter, MOST_BODIES));
    return new AgentLimits(
        8,
        512,
        bodies,
        bodies / 2,
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Math.max(2, Runtime.getRuntime().availableProcessors()));
  }
}
