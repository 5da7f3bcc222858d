package dev.sallyport.auth.issue;

import dev.sallyport.model.Role;
import dev.sallyport.policy.MergedOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How long a sign-in lasts: what was asked for, cut to the shortest that any of the roles allows.
/// Asking for more is no error.
final class SessionTtl {
  /// The shortest sign-in.
  static final Duration MIN = MergedOptions.MIN_SESSION_TTL;

  private SessionTtl() {}

  /// @param usual when nothing is asked for
  static Duration of(Optional<Duration> wanted, Duration usual, List<Role> roles) {
    return MergedOptions.of(roles).sessionTtl(wanted.filter(Duration::isPositive).orElse(usual));
  }
}
