package dev.sallyport.policy;

import java.util.List;
import java.util.Optional;

/// What would come of a request, and why.
///
/// @param allowed whether it would be allowed
/// @param role the role that allows it
/// @param roleArn the IAM role that would be assumed
/// @param message what the user would be told; empty when it is allowed
/// @param reasons what the audit log would hold, the role that came closest first
/// @param roles what each of the user's roles says, in their order
/// @param changes what would have to change for it to be allowed, each by itself unless it says
///   more
public record AccessExplanation(
    boolean allowed,
    Optional<String> role,
    Optional<String> roleArn,
    String message,
    List<String> reasons,
    List<RoleFinding> roles,
    List<String> changes) {
  public AccessExplanation {
    reasons = List.copyOf(reasons);
    roles = List.copyOf(roles);
    changes = List.copyOf(changes);
  }

  /// What one role says.
  ///
  /// @param labels whether its labels, and its expression, choose the database
  /// @param dbUser whether its database users have the one that is asked for
  /// @param denies what it denies: nothing, or the database or the database user in words
  /// @param requiresMfa whether it wants a second factor for the session
  /// @param detail what it asks for and does not get; empty when all matches
  public record RoleFinding(
      String role,
      boolean labels,
      boolean dbUser,
      List<String> denies,
      boolean requiresMfa,
      String detail) {
    public RoleFinding {
      denies = List.copyOf(denies);
    }
  }
}
