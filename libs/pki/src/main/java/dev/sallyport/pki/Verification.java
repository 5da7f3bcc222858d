package dev.sallyport.pki;

/// What came of checking a peer's certificates.
///
/// @param <T> the proof in the good case
public sealed interface Verification<T extends VerifiedIdentity> {
  /// The peer is who it says.
  record Verified<T extends VerifiedIdentity>(T identity) implements Verification<T> {}

  /// The peer is nobody. The reason is for logs and audit; it holds no secret.
  record Refused<T extends VerifiedIdentity>(String reason) implements Verification<T> {}
}
