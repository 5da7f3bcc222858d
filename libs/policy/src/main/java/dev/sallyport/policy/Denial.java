package dev.sallyport.policy;

import java.util.List;
import java.util.Objects;

/// A request was refused.
///
/// @param message for the user: says no more of the database and of roles than the user can see
/// @param reasons for the audit log: what was missing, the role that came closest first
public record Denial(String message, List<String> reasons, Code code) implements Decision {
  /// How the message of every denial begins.
  public static final String PREFIX = "access to db denied.";

  /// Said of a database that the user can't see; the same as if it were not there.
  static final String UNSEEN =
      PREFIX + " User does not have permissions. Confirm database user and name.";

  public Denial {
    Objects.requireNonNull(message, "message");
    reasons = List.copyOf(reasons);
    Objects.requireNonNull(code, "code");
  }

  /// The kinds of refusals.
  public enum Code {
    /// The certificate has ended.
    EXPIRED,
    /// The certificate is not for this database and database user.
    WRONG_ROUTE,
    /// A role of the certificate is no longer there.
    MISSING_ROLE,
    /// A role denies it.
    EXPLICIT_DENY,
    /// No role chooses the database by its labels.
    NO_MATCHING_LABELS,
    /// Roles choose the database, but none of these allows the database user.
    NO_MATCHING_DB_USER,
    /// The database user is no IAM role of the database's account.
    INVALID_DB_USER
  }
}
