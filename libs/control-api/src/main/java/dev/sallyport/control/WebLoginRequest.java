package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Duration;
import java.util.Optional;

/// A sign-in as tsh sends it to the Proxy's public door.
///
/// @param tlsPubKey PEM of the key made on the user's machine
/// @param webauthnChallengeResponse a key's answer; not together with `totpCode`
public record WebLoginRequest(
    String user,
    Secret password,
    Optional<Secret> totpCode,
    String tlsPubKey,
    Optional<Duration> ttl,
    Optional<WebauthnAnswer> webauthnChallengeResponse) {
  /// Without a key's answer.
  public WebLoginRequest(
      String user,
      Secret password,
      Optional<Secret> totpCode,
      String tlsPubKey,
      Optional<Duration> ttl) {
    this(user, password, totpCode, tlsPubKey, ttl, Optional.empty());
  }
}
