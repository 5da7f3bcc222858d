package dev.sallyport.agent.signing;

import java.time.Instant;

/// What came of asking for a signature.
public sealed interface Signing {
  /// It may be sent.
  record Signed(SignedRequest request) implements Signing {}

  /// The database is not served any more as it was when the permit was given.
  record DatabaseChanged() implements Signing {}

  /// The permit is over.
  record PermitEnded(Instant end) implements Signing {}
}
