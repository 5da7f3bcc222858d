package dev.sallyport.control;

import java.util.Optional;

/// Why a request was not done. Each kind has one HTTP status.
public enum ErrorKind {
  /// The thing asked for is not there, or the caller may not know of it.
  NOT_FOUND("NotFound", 404),
  /// A thing of that name is there already.
  ALREADY_EXISTS("AlreadyExists", 409),
  /// The request itself is wrong.
  BAD_PARAMETER("BadParameter", 400),
  /// The caller may not do this.
  ACCESS_DENIED("AccessDenied", 403),
  /// The caller may, once they prove a second factor for it: see [DatabaseCertRequest].
  MFA_REQUIRED("MfaRequired", 403),
  /// The thing has changed since it was read.
  COMPARE_FAILED("CompareFailed", 412),
  /// Too many tries, or too much at once.
  LIMIT_EXCEEDED("LimitExceeded", 429),
  /// Nobody could be asked, or the answer did not come.
  UNAVAILABLE("Unavailable", 503),
  /// A fault on the asked side.
  INTERNAL("Internal", 500);

  private final String wireName;
  private final int status;

  ErrorKind(String wireName, int status) {
    this.wireName = wireName;
    this.status = status;
  }

  /// The name in error bodies.
  public String wireName() {
    return wireName;
  }

  /// The HTTP status.
  public int status() {
    return status;
  }

  /// The kind of that exact wire name.
  public static Optional<ErrorKind> parse(String name) {
    for (var kind : values()) {
      if (kind.wireName.equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /// The kind for an answer without a readable body.
  public static ErrorKind ofStatus(int status) {
    for (var kind : values()) {
      if (kind.status == status) {
        return kind;
      }
    }
    if (status == 401) {
      return ACCESS_DENIED;
    }
    if (status == 502 || status == 504) {
      return UNAVAILABLE;
    }
    return status >= 500 ? INTERNAL : BAD_PARAMETER;
  }
}
