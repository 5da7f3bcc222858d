package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.util.Optional;

/// A browser's sign-in as the Proxy passes it on: as a [LoginRequest], without a key.
///
/// @param clientAddress where the browser is, as the Proxy saw it
/// @param userAgent what the browser calls itself
public record WebSignInRequest(
    String user,
    Secret password,
    Optional<Secret> otp,
    Optional<WebauthnAnswer> webauthn,
    String clientAddress,
    Optional<String> userAgent) {
  /// Of a browser that does not say what it is.
  public WebSignInRequest(
      String user,
      Secret password,
      Optional<Secret> otp,
      Optional<WebauthnAnswer> webauthn,
      String clientAddress) {
    this(user, password, otp, webauthn, clientAddress, Optional.empty());
  }
}
