package dev.sallyport.resources.config;

import java.time.Duration;
import java.util.Optional;

/// `db_service.limits:`, how much a Database Service takes and how long it waits.
public record DbLimits(Counts counts, Sizes sizes, Times times) {
  /// Where nothing is said.
  public static final DbLimits DEFAULT =
      new DbLimits(
          new Counts(20_000, 2_000, 20_000, 10_000),
          new Sizes(16 << 10, 17 << 20, Optional.empty(), Optional.empty()),
          new Times(
              Duration.ofSeconds(1),
              Duration.ofSeconds(15),
              Duration.ofSeconds(30),
              Duration.ofSeconds(60),
              Duration.ofMinutes(15)));

  /// How many at one time.
  ///
  /// @param connections of users
  /// @param ofUser connections of one user
  /// @param ofDatabase connections to one database
  /// @param requests in flight
  public record Counts(int connections, int ofUser, int ofDatabase, int requests) {
    /// The most of each.
    public static final int CONNECTIONS_MAX = 100_000;
  }

  /// Bytes.
  ///
  /// @param header request line and headers together
  /// @param body one body
  /// @param memory for the bodies of all requests; what fits the heap if empty
  /// @param memoryOfUser for those of one user; half of it if empty
  public record Sizes(int header, int body, Optional<Long> memory, Optional<Long> memoryOfUser) {
    /// Least and most of headers.
    public static final int HEADER_MIN = 4 << 10;

    public static final int HEADER_MAX = 64 << 10;

    /// Least and most of a body.
    public static final int BODY_MIN = 1 << 20;

    public static final int BODY_MAX = 64 << 20;

    /// The most memory.
    public static final long MEMORY_MAX = 64L << 30;
  }

  /// How long.
  ///
  /// @param queue a request waits for memory
  /// @param read a head may take, and each 256 KiB of a body
  /// @param write a client may leave its answer unread
  /// @param answer AWS may be silent while an answer is waited for
  /// @param idle a connection may be without a request
  public record Times(
      Duration queue, Duration read, Duration write, Duration answer, Duration idle) {
    /// Least and most of waiting for memory.
    public static final Duration QUEUE_MIN = Duration.ofMillis(10);

    public static final Duration QUEUE_MAX = Duration.ofSeconds(30);

    /// Least and most of the three that are about slow peers.
    public static final Duration PEER_MIN = Duration.ofSeconds(1);

    public static final Duration PEER_MAX = Duration.ofMinutes(15);

    /// Least and most of idling: tsh keeps connections for 45 s.
    public static final Duration IDLE_MIN = Duration.ofMinutes(2);

    public static final Duration IDLE_MAX = Duration.ofHours(24);
  }
}
