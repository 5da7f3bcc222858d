package dev.sallyport.audit.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How something ended, in one word for all events.
public enum AuditStatus {
  /// It was done; for a request: AWS answered with success.
  OK,
  /// We refused it.
  DENIED,
  /// It was tried and failed; for a request: AWS answered with an error, or it was not sent.
  FAILED,
  /// A request that was about to leave, of which no outcome is known.
  UNKNOWN;

  /// The word, in lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The status of that word, in any case.
  public static Optional<AuditStatus> parse(String word) {
    return Arrays.stream(values()).filter(s -> s.word().equalsIgnoreCase(word)).findFirst();
  }
}
