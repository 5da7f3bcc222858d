package dev.sallyport.model;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// How long and in which manner a role's holder may work. Policy says how the options of several
/// roles become one.
///
/// @param maxSessionTtl the longest a sign-in may last
/// @param clientIdleTimeout after which silence a connection is closed; absent means never
/// @param disconnectExpiredCert whether connections end with their certificate; here they always do
/// @param requireSessionMfa whether what this role allows needs a second factor of its own
/// @param mfaVerificationInterval how long a certificate with a second factor lives
/// @param lock what to do while the view of the locks is stale; absent leaves it to the cluster
/// @param maxConnections how many connections at a time to a database; 0 means no limit
/// @param ignoreDynamicLabels whether the allow side sees no labels that commands on a host made
/// @param explainDenials whether the holder may read why something was denied
/// @param other options that change nothing here, kept as they came
public record RoleOptions(
    Duration maxSessionTtl,
    Optional<Duration> clientIdleTimeout,
    boolean disconnectExpiredCert,
    boolean requireSessionMfa,
    Optional<Duration> mfaVerificationInterval,
    Optional<LockingMode> lock,
    int maxConnections,
    boolean ignoreDynamicLabels,
    boolean explainDenials,
    Map<String, Object> other) {
  /// Also the most that any role can give.
  public static final Duration MAX_SESSION_TTL = Duration.ofHours(30);

  public static final RoleOptions DEFAULT = new RoleOptions(MAX_SESSION_TTL, Map.of());

  public RoleOptions {
    positive("max_session_ttl", maxSessionTtl);
    clientIdleTimeout.ifPresent(value -> positive("client_idle_timeout", value));
    mfaVerificationInterval.ifPresent(value -> positive("mfa_verification_interval", value));
    Objects.requireNonNull(lock, "lock");
    if (maxConnections < 0) {
      throw new IllegalArgumentException(
          "max_connections: %d (expected: 0 or more)".formatted(maxConnections));
    }
    other = Frozen.tree(other);
  }

  /// Options that ask for nothing but a time.
  public RoleOptions(Duration maxSessionTtl, Map<String, Object> other) {
    this(
        maxSessionTtl,
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        0,
        false,
        false,
        other);
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(
          "%s: %s (expected: more than 0)".formatted(name, Durations.format(value)));
    }
  }
}
