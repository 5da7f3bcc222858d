package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.util.Optional;

/// How somebody who is signed in proves once more who they are: by exactly one of these.
///
/// @param password only of use to those who have no device yet
/// @param totpCode six digits from an app
/// @param webauthn a key's answer
/// @param ticket what a browser gave for a key's answer, see [ConsoleStart]
public record MfaProof(
    Optional<Secret> password,
    Optional<Secret> totpCode,
    Optional<WebauthnAnswer> webauthn,
    Optional<Secret> ticket) {
  /// No proof at all.
  public static final MfaProof NONE =
      new MfaProof(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /// A code from an app.
  public static MfaProof totp(Secret code) {
    return new MfaProof(Optional.empty(), Optional.of(code), Optional.empty(), Optional.empty());
  }

  /// The password.
  public static MfaProof password(Secret password) {
    return new MfaProof(
        Optional.of(password), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// A key's answer.
  public static MfaProof webauthn(WebauthnAnswer answer) {
    return new MfaProof(Optional.empty(), Optional.empty(), Optional.of(answer), Optional.empty());
  }

  /// What a browser gave.
  public static MfaProof ticket(Secret ticket) {
    return new MfaProof(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(ticket));
  }
}
