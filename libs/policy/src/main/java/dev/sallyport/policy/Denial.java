package dev.sallyport.policy;

import java.util.List;
import java.util.Objects;

/// A request was refused.
///
/// @param message for the user: says no more of the database and of roles than the user can see,
///   unless the administrator lets users read the reasons
/// @param reasons for the audit log: what was missing, the role that came closest first
public record Denial(String message, List<String> reasons, Code code) implements Decision {
  /// How most messages begin; those of locks and second factors have beginnings of their own.
  public static final String PREFIX = "access to db denied.";

  /// How the message begins when a second factor is missing.
  public static final String MFA_REQUIRED = "access to resource requires MFA";

  /// Said of a database that the user can't see, the same as if it were not there; and the
  /// beginning of whatever else is said when roles do not allow something.
  static final String UNSEEN =
      PREFIX + " User does not have permissions. Confirm database user and name.";

  public Denial {
    Objects.requireNonNull(message, "message");
    reasons = List.copyOf(reasons);
    Objects.requireNonNull(code, "code");
  }

  /// A denial by roles.
  ///
  /// @param hint what the user may read in any case; empty for nothing
  /// @param explained whether the user may read the first of the reasons
  static Denial of(String hint, List<String> reasons, Code code, boolean explained) {
    var message = new StringBuilder(UNSEEN);
    if (!hint.isEmpty()) {
      message.append(' ').append(hint);
    }
    if (explained && !reasons.isEmpty() && !reasons.getFirst().equals(hint)) {
      message.append(" Reason: ").append(reasons.getFirst()).append('.');
    }
    return new Denial(message.toString(), reasons, code);
  }

  /// The kinds of refusals.
  public enum Code {
    /// The certificate has ended.
    EXPIRED,
    /// The user of the certificate is gone, or was made anew since.
    REVOKED,
    /// The certificate is not for this database and database user.
    WRONG_ROUTE,
    /// A role of the certificate is no longer there.
    MISSING_ROLE,
    /// A lock is in force.
    LOCKED,
    /// A second factor for the session is missing.
    MFA_REQUIRED,
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
