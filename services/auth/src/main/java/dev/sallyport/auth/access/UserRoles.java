package dev.sallyport.auth.access;

import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.SignIn;
import dev.sallyport.model.User;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.policy.RoleSet;
import dev.sallyport.policy.UserRights;
import java.util.Optional;

/// The roles and traits by which a user is judged: those of the certificate that the user still
/// has. What was taken away acts at once, what was added acts at the next sign-in.
public final class UserRoles {
  private final ResourceState resources;

  public UserRoles(ResourceState resources) {
    this.resources = resources;
  }

  /// The effective roles of the certificate's user, with the traits that they have now.
  ///
  /// @throws ControlException of kind ACCESS_DENIED if the user is gone
  public RoleSet of(VerifiedUser user) {
    return RoleSet.effective(user.identity(), Optional.of(rights(current(user))), resources::role);
  }

  /// What a user has now.
  static UserRights rights(User user) {
    return new UserRights(user.roles(), user.traits());
  }

  /// The user as the cluster knows them now.
  ///
  /// @throws ControlException of kind ACCESS_DENIED if there is no such user any more, or another
  ///   one of the same name
  public User current(VerifiedUser user) {
    var name = user.identity().user();
    var known =
        resources
            .user(name)
            .orElseThrow(() ->
                new ControlException(
                    ErrorKind.ACCESS_DENIED,
                    "user \"%s\" does not exist any more".formatted(name)));
    var since = user.identity().signIn().flatMap(SignIn::userSince);
    if (since.isPresent() && !since.equals(known.since())) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED,
          "user \"%s\" was made anew after this sign-in; sign in again with 'tsh login'"
              .formatted(name));
    }
    return known;
  }

  /// @throws ControlException of kind ACCESS_DENIED if the user is gone, or was locked
  public void requireOpen(VerifiedUser user) {
    var known = current(user);
    if (known.status().locked()) {
      throw new ControlException(ErrorKind.ACCESS_DENIED, lockedMessage(known));
    }
  }

  /// What a locked user is told once they have proven who they are.
  public static String lockedMessage(User user) {
    return "user \"%s\" is locked%s"
        .formatted(user.name(), user.status().lockedMessage().map(text -> ": " + text).orElse(""));
  }
}
