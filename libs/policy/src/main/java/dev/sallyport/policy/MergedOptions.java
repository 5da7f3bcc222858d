package dev.sallyport.policy;

import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What the options of several roles come to. Each is taken from the role that is strictest in it.
///
/// @param maxSessionTtl the shortest, within a minute and 30 hours
/// @param clientIdleTimeout the shortest that any role asks for; the cluster may ask for a shorter
/// @param sessionMfa which roles need a second factor for each session
/// @param mfaVerificationInterval the shortest
/// @param lock strict if any role is; absent leaves it to the cluster
/// @param maxConnections the least that any role asks for; 0 means no limit
public record MergedOptions(
    Duration maxSessionTtl,
    Optional<Duration> clientIdleTimeout,
    boolean disconnectExpiredCert,
    SessionMfa sessionMfa,
    Optional<Duration> mfaVerificationInterval,
    Optional<LockingMode> lock,
    int maxConnections) {
  /// The shortest sign-in.
  public static final Duration MIN_SESSION_TTL = Duration.ofMinutes(1);

  /// How many of the roles need a second factor.
  public enum SessionMfa {
    /// None does.
    NEVER,
    /// It depends on the role that allows.
    BY_ROLE,
    /// All do.
    ALWAYS
  }

  public static MergedOptions of(Collection<Role> roles) {
    var options = roles.stream().map(Role::options).toList();
    return new MergedOptions(
        longest(options),
        shortest(options.stream().map(RoleOptions::clientIdleTimeout).toList()),
        options.stream().anyMatch(RoleOptions::disconnectExpiredCert),
        mfa(options),
        shortest(options.stream().map(RoleOptions::mfaVerificationInterval).toList()),
        lock(options),
        options.stream()
            .mapToInt(RoleOptions::maxConnections)
            .filter(count -> count > 0)
            .min()
            .orElse(0));
  }

  /// How long a sign-in lasts: what was wanted, cut to what the roles allow. Asking for more is no
  /// error.
  public Duration sessionTtl(Duration wanted) {
    var cut = min(wanted, maxSessionTtl);
    return cut.compareTo(MIN_SESSION_TTL) < 0 ? MIN_SESSION_TTL : cut;
  }

  /// These and the cluster's, which counts where it is shorter than what the roles ask for.
  public MergedOptions withClusterIdle(Optional<Duration> cluster) {
    return new MergedOptions(
        maxSessionTtl,
        shortest(List.of(clientIdleTimeout, cluster)),
        disconnectExpiredCert,
        sessionMfa,
        mfaVerificationInterval,
        lock,
        maxConnections);
  }

  private static Duration longest(Collection<RoleOptions> options) {
    var ttl = RoleOptions.MAX_SESSION_TTL;
    for (var one : options) {
      ttl = min(ttl, one.maxSessionTtl());
    }
    return ttl.compareTo(MIN_SESSION_TTL) < 0 ? MIN_SESSION_TTL : ttl;
  }

  private static Optional<Duration> shortest(Collection<Optional<Duration>> values) {
    return values.stream().flatMap(Optional::stream).min(Duration::compareTo);
  }

  private static SessionMfa mfa(Collection<RoleOptions> options) {
    var needing = options.stream().filter(RoleOptions::requireSessionMfa).count();
    if (needing == 0) {
      return SessionMfa.NEVER;
    }
    return needing == options.size() ? SessionMfa.ALWAYS : SessionMfa.BY_ROLE;
  }

  private static Optional<LockingMode> lock(Collection<RoleOptions> options) {
    var modes = options.stream().flatMap(one -> one.lock().stream()).toList();
    return modes.contains(LockingMode.STRICT)
        ? Optional.of(LockingMode.STRICT)
        : modes.stream().findFirst();
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
