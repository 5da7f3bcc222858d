package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Duration;
import java.util.Optional;

/// A sign-in as the Proxy passes it on: password and second factor, or a passkey alone (`user` and
/// `password` empty, and a challenge that was begun `passwordless`).
///
/// @param otp six digits from an app
/// @param publicKey PEM of the key made on the user's machine
/// @param clientAddress where the sign-in came from, as the Proxy saw it
/// @param webauthn a key's answer; not together with `otp`
/// @param userAgent what the client calls itself
public record LoginRequest(
    String user,
    Secret password,
    Optional<Secret> otp,
    String publicKey,
    Optional<Duration> ttl,
    String clientAddress,
    Optional<WebauthnAnswer> webauthn,
    Optional<String> userAgent) {
  /// Without a key's answer, of a client that does not say what it is.
  public LoginRequest(
      String user,
      Secret password,
      Optional<Secret> otp,
      String publicKey,
      Optional<Duration> ttl,
      String clientAddress) {
    this(user, password, otp, publicKey, ttl, clientAddress, Optional.empty(), Optional.empty());
  }
}
