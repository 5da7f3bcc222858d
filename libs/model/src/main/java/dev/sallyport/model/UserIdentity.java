package dev.sallyport.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A user as their certificate tells: who, with which roles and traits, since which sign-in, and,
/// in a database certificate, for which route.
public record UserIdentity(
    String clusterName,
    String user,
    List<String> roles,
    Map<String, List<String>> traits,
    UserKind kind,
    Optional<String> loginAddress,
    Optional<String> mfaDevice,
    Optional<Route> route,
    Optional<SignIn> signIn)
    implements Identity {
  /// Copies the collections and refuses empty names.
  public UserIdentity {
    if (clusterName.isBlank() || user.isBlank()) {
      throw new IllegalArgumentException("a user identity needs a cluster name and a user name");
    }
    roles = List.copyOf(roles);
    var copy = new LinkedHashMap<String, List<String>>();
    traits.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    traits = Map.copyOf(copy);
  }

  /// The same sign-in for one route.
  public UserIdentity withRoute(Route newRoute) {
    return new UserIdentity(
        clusterName,
        user,
        roles,
        traits,
        kind,
        loginAddress,
        mfaDevice,
        Optional.of(newRoute),
        signIn);
  }

  /// The same person in the same sign-in with other roles and traits.
  public UserIdentity withRights(List<String> newRoles, Map<String, List<String>> newTraits) {
    return new UserIdentity(
        clusterName, user, newRoles, newTraits, kind, loginAddress, mfaDevice, route, signIn);
  }

  /// An identity of which no sign-in is known.
  public UserIdentity(
      String clusterName,
      String user,
      List<String> roles,
      Map<String, List<String>> traits,
      UserKind kind,
      Optional<String> loginAddress,
      Optional<String> mfaDevice,
      Optional<Route> route) {
    this(clusterName, user, roles, traits, kind, loginAddress, mfaDevice, route, Optional.empty());
  }
}
