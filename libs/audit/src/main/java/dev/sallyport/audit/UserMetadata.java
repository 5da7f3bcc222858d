package dev.sallyport.audit;

import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import java.util.List;

/// Who did it.
///
/// @param user the user's name
/// @param userKind 1 for a human, 2 for a bot
/// @param userRoles the roles that the certificate showed; may be empty
public record UserMetadata(String user, int userKind, List<String> userRoles) {

  private static final int HUMAN = 1;
  private static final int BOT = 2;

  /// Copies the roles.
  public UserMetadata {
    userRoles = List.copyOf(userRoles);
  }

  /// Someone of whom nothing but the name is known, or claimed.
  public static UserMetadata named(String user) {
    return new UserMetadata(user, HUMAN, List.of());
  }

  /// Someone who showed a certificate.
  public static UserMetadata of(UserIdentity identity) {
    int kind = identity.kind() == UserKind.BOT ? BOT : HUMAN;
    return new UserMetadata(identity.user(), kind, identity.roles());
  }
}
