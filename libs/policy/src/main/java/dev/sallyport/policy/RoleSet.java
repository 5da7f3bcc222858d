package dev.sallyport.policy;

import dev.sallyport.model.Role;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.UserIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The roles by which somebody is judged now.
///
/// @param effective in the order of the certificate
/// @param missing named by the certificate and the user, but not there; while there is one nothing
///   is allowed, since it may have been one that denies
public record RoleSet(List<Role> effective, List<String> missing) {
  public RoleSet {
    effective = List.copyOf(effective);
    missing = List.copyOf(missing);
  }

  /// The certificate's roles that the user still has: what was taken away acts at once, what was
  /// added acts from the next sign-in.
  ///
  /// @param rolesUserStillHas empty when there is no such user (any more); then nothing is left
  public static RoleSet effective(
      UserIdentity identity,
      Optional<List<String>> rolesUserStillHas,
      Function<String, Optional<Role>> lookup) {
    var still = rolesUserStillHas.orElse(List.of());
    var effective = new ArrayList<Role>();
    var missing = new ArrayList<String>();
    for (var name : new LinkedHashSet<>(identity.roles())) {
      if (still.contains(name)) {
        lookup.apply(name).ifPresentOrElse(effective::add, () -> missing.add(name));
      }
    }
    return new RoleSet(effective, missing);
  }

  /// How long a sign-in with these roles may last: the shortest that any of them says.
  public Duration maxSessionTtl() {
    return effective.stream()
        .map(role -> role.options().maxSessionTtl())
        .reduce(RoleOptions.MAX_SESSION_TTL, (a, b) -> a.compareTo(b) < 0 ? a : b);
  }
}
