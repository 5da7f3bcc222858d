package dev.sallyport.tsh.localproxy;

import java.time.Duration;

/// The bounds of one local proxy.
///
/// @param clientConnections open client connections; a further one takes the place of one at rest,
///   see `restGivesWay`, or is closed at once
/// @param upstreamConnections open and opening upstream connections
/// @param parallelDials upstream connections being opened at the same time
/// @param spareConnections idle upstream connections kept ready, so that a new client pays no
///   handshake
/// @param waitingRequests requests that may wait for an upstream connection
/// @param waitForConnection how long one may wait before it is told to slow down
/// @param idleUpstream age at which an idle upstream connection is closed; below the agent's own
///   limit, so that no request races a close
/// @param silence how long an exchange may make no progress before the client is cut off
/// @param sendStall how long a client may pause in the middle of a request, take for a head, and
///   take for each [#PACE_BYTES] of a body that waits for its signature to be verified
/// @param restGivesWay how long a client must have been at rest to be closed for a new one
public record LocalProxyLimits(
    int clientConnections,
    int upstreamConnections,
    int parallelDials,
    int spareConnections,
    int waitingRequests,
    Duration waitForConnection,
    Duration idleUpstream,
    Duration silence,
    Duration sendStall,
    Duration restGivesWay) {

  /// Line and headers of one request, together.
  static final int HEAD_BYTES_MAX = 16 * 1024;

  /// DynamoDB takes 16 MB; a little more reaches it, so that its own answer to too much is seen.
  static final long BODY_BYTES_MAX = 17L * 1024 * 1024;

  /// Line and headers of one answer.
  static final int ANSWER_HEAD_BYTES_MAX = 32 * 1024;

  /// Bodies of all clients that wait for their signatures to be verified, in strict mode.
  static final long HELD_BYTES_MAX = 64L * 1024 * 1024;

  /// What must come of a body within each [#sendStall] while its signature is being verified; an
  /// agent holds the pace of all others.
  static final int PACE_BYTES = 256 * 1024;

  /// What a client may send ahead of its current request before reading from it stops.
  static final int INBOX_BYTES_MAX = 128 * 1024;

  public static LocalProxyLimits standard() {
    return new LocalProxyLimits(
        1024,
        256,
        8,
        1,
        1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(45),
        Duration.ofMinutes(2),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1));
  }
}
