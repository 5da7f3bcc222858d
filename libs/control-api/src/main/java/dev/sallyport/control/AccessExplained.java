package dev.sallyport.control;

import java.util.List;
import java.util.Optional;

/// What would come of a user's request for a database, and why. Answers `GET /v1/access/explain`.
///
/// @param role the role that allows it
/// @param roleArn the IAM role that the database user means there
/// @param message what the user would be told; empty when it is allowed
/// @param reasons what the audit log would hold, the role that came closest first
/// @param changes what would have to change for it to be allowed
public record AccessExplained(
    String user,
    String database,
    String dbUser,
    boolean allowed,
    Optional<String> role,
    Optional<String> roleArn,
    String message,
    List<String> reasons,
    List<RoleFinding> roles,
    List<String> changes) {
  /// Copies the lists.
  public AccessExplained {
    reasons = List.copyOf(reasons);
    roles = List.copyOf(roles);
    changes = List.copyOf(changes);
  }

  /// What one of the user's roles says.
  ///
  /// @param labels whether its labels, and its expression, choose the database
  /// @param dbUser whether its database users have the one that is asked for
  /// @param denies what it denies of it, in words
  /// @param requiresMfa whether it wants a second factor for the session
  /// @param detail what it asks for and does not get; empty when all matches
  public record RoleFinding(
      String role,
      boolean labels,
      boolean dbUser,
      List<String> denies,
      boolean requiresMfa,
      String detail) {
    /// Copies the list.
    public RoleFinding {
      denies = List.copyOf(denies);
    }
  }
}
