package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.util.Optional;

/// A browser's sign-in as the Proxy passes it on: as a [LoginRequest], without a key.
///
/// @param clientAddress where the browser is, as the Proxy saw it
public record WebSignInRequest(
    String user,
    Secret password,
    Optional<Secret> otp,
    Optional<WebauthnAnswer> webauthn,
    String clientAddress) {}
