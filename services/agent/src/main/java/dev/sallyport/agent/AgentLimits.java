package dev.sallyport.agent;

import dev.sallyport.agent.http.ReaderLimits;
import dev.sallyport.agent.session.ConnectionLimits;
import dev.sallyport.agent.upstream.UpstreamLimits;
import dev.sallyport.net.NetRuntime;
import java.time.Duration;

/// How much the agent holds and how long it waits.
///
/// @param tunnelMin connections that are always parked at the Proxy
/// @param tunnelMax the most that are parked or coming at one time
/// @param bodyBytes memory for the bodies of all requests
/// @param bodyBytesOfUser memory for those of one user
/// @param bodyPatience how long a request waits for such memory
/// @param connections how many connections and requests it takes
/// @param reader what a client may send, and how slowly
/// @param upstream how long it waits for AWS
/// @param drain how long a stopping agent waits for answers that are under way
/// @param threads event loops
public record AgentLimits(
    int tunnelMin,
    int tunnelMax,
    long bodyBytes,
    long bodyBytesOfUser,
    Duration bodyPatience,
    ConnectionLimits connections,
    ReaderLimits reader,
    UpstreamLimits upstream,
    Duration drain,
    int threads) {
  private static final long MOST_BODIES = 256L << 20;
  private static final int BODY_PART_OF_HEAP = 4;

  /// What fits this process: a quarter of the heap for bodies, but at least two of the largest and
  /// at most 256 MiB; half of it for one user.
  ///
  /// @param largestBody that it takes
  public static AgentLimits ofThisProcess(long largestBody) {
    long quarter = Runtime.getRuntime().maxMemory() / BODY_PART_OF_HEAP;
    long bodies = Math.max(2 * largestBody, Math.min(quarter, MOST_BODIES));
    return new AgentLimits(
        8,
        512,
        bodies,
        bodies / 2,
        Duration.ofSeconds(1),
        ConnectionLimits.DEFAULT,
        ReaderLimits.DEFAULT,
        UpstreamLimits.DEFAULT,
        Duration.ofSeconds(10),
        NetRuntime.loopsOfThisMachine());
  }
}
