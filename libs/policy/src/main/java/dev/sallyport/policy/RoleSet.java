package dev.sallyport.policy;

import dev.sallyport.model.Role;
import dev.sallyport.model.UserIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The roles by which somebody is judged now, and what else the user has now. For any thread; worth
/// keeping as long as the roles are the same, since they are read for judging only once.
public final class RoleSet {
  private final List<Role> effective;
  private final List<String> missing;
  private final Optional<UserRights> now;
  private volatile @Nullable List<JudgedRole> judged;

  /// Roles for a user who has what their identity says.
  ///
  /// @param effective in the order of the certificate
  /// @param missing named by the certificate and the user, but not there; while there is one
  ///   nothing is allowed, since it may have been one that denies
  public RoleSet(List<Role> effective, List<String> missing) {
    this(effective, missing, Optional.empty());
  }

  private RoleSet(List<Role> effective, List<String> missing, Optional<UserRights> now) {
    this.effective = List.copyOf(effective);
    this.missing = List.copyOf(missing);
    this.now = now;
  }

  /// The certificate's roles that the user still has: what was taken away acts at once, what was
  /// added acts from the next sign-in. The same holds for traits, see [#views].
  ///
  /// @param now empty when there is no such user (any more); then nothing is left
  public static RoleSet effective(
      UserIdentity identity, Optional<UserRights> now, Function<String, Optional<Role>> lookup) {
    var still = now.map(UserRights::roles).orElse(List.of());
    var effective = new ArrayList<Role>();
    var missing = new ArrayList<String>();
    for (var name : new LinkedHashSet<>(identity.roles())) {
      if (still.contains(name)) {
        lookup.apply(name).ifPresentOrElse(effective::add, () -> missing.add(name));
      }
    }
    return new RoleSet(effective, missing, now);
  }

  /// The user as the certificate tells, and, if that is not the same, as the cluster knows them
  /// now. Something is allowed only if it is for each of them: so a trait that was taken away gives
  /// nothing, one that was added gives nothing yet, and one that was replaced slips through no
  /// denial of either value.
  List<UserIdentity> views(UserIdentity certified) {
    return now.map(rights -> certified.withRights(rights.roles(), rights.traits()))
        .filter(current -> !current.equals(certified))
        .map(current -> List.of(certified, current))
        .orElse(List.of(certified));
  }

  public List<Role> effective() {
    return effective;
  }

  public List<String> missing() {
    return missing;
  }

  /// The options of all of them together.
  public MergedOptions options() {
    return MergedOptions.of(effective);
  }

  /// How long a sign-in with these roles may last: the shortest that any of them says.
  public Duration maxSessionTtl() {
    return options().maxSessionTtl();
  }

  /// The effective roles, read. Two threads may both read them; both come to the same.
  List<JudgedRole> judged() {
    var known = judged;
    if (known == null) {
      known = effective.stream().map(JudgedRole::new).toList();
      judged = known;
    }
    return known;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RoleSet set
        && effective.equals(set.effective)
        && missing.equals(set.missing)
        && now.equals(set.now);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * effective.hashCode() + missing.hashCode()) + now.hashCode();
  }

  @Override
  public String toString() {
    return "RoleSet[%s, missing %s]".formatted(effective, missing);
  }
}
