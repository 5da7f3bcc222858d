package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.util.Optional;

/// Proves who sits at the browser, as at a sign-in: password and second factor, or a passkey alone
/// (`user` and `password` empty). For kind `mfa` the password is not looked at.
///
/// @param clientAddress where the browser is, as the Proxy saw it
public record ConsoleSignIn(
    String user,
    Secret password,
    Optional<Secret> totpCode,
    Optional<WebauthnAnswer> webauthn,
    String clientAddress) {}
