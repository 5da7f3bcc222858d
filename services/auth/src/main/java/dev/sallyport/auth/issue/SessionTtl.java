package dev.sallyport.auth.issue;

import dev.sallyport.model.Role;
import dev.sallyport.model.RoleOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How long a sign-in lasts: what was asked for, cut to the shortest that any of the roles allows.
/// Asking for more is no error.
final class SessionTtl {
  /// The shortest sign-in.
  static final Duration MIN = Duration.ofMinutes(1);

  private SessionTtl() {}

  /// @param usual when nothing is asked for
  static Duration of(Optional<Duration> wanted, Duration usual, List<Role> roles) {
    var ttl = wanted.filter(Duration::isPositive).orElse(usual);
    ttl = min(ttl, RoleOptions.MAX_SESSION_TTL);
    for (var role : roles) {
      ttl = min(ttl, role.options().maxSessionTtl());
    }
    return ttl.compareTo(MIN) < 0 ? MIN : ttl;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
