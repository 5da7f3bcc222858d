package dev.sallyport.aws;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Why a [CredentialSource] gives nothing.
final class SourceFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_DETAIL = 300;

  /// What the failure means to whoever waits for credentials.
  enum Kind {
    /// Nobody set the source up: the next one is asked.
    NOT_SET_UP,
    /// It is set up, and gives nothing until somebody mends it.
    BROKEN,
    /// It may give some in a moment.
    PASSING
  }

  private final Kind kind;
  private final @Nullable String detail;

  private SourceFailure(Kind kind, String reason, @Nullable String detail) {
    super(reason, null, false, false);
    this.kind = kind;
    this.detail = detail;
  }

  static SourceFailure notSetUp(String reason) {
    return new SourceFailure(Kind.NOT_SET_UP, reason, null);
  }

  static SourceFailure broken(String reason) {
    return new SourceFailure(Kind.BROKEN, reason, null);
  }

  static SourceFailure passing(String reason) {
    return new SourceFailure(Kind.PASSING, reason, null);
  }

  /// The same, with what another program said of it: for the log alone, since users of databases
  /// read the reason. One line, cut where it is long.
  SourceFailure withDetail(String said) {
    var line = said.strip().replaceAll("\\p{Cntrl}+", " ");
    var clipped = line.length() <= MAX_DETAIL ? line : line.substring(0, MAX_DETAIL) + "…";
    return new SourceFailure(kind, reason(), clipped.isEmpty() ? null : clipped);
  }

  Kind kind() {
    return kind;
  }

  /// For everybody; holds no secret.
  String reason() {
    return String.valueOf(getMessage());
  }

  /// For the log.
  Optional<String> detail() {
    return Optional.ofNullable(detail);
  }
}
