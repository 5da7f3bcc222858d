package dev.sallyport.proxy.browser.api;

import dev.sallyport.control.WebauthnAnswer;
import dev.sallyport.model.Secret;
import java.util.Optional;

/// Signs a browser in: password and second factor, or a passkey alone (`user` and `password`
/// empty).
///
/// @param totpCode six digits from an app
/// @param webauthn a key's answer; not together with `totpCode`
public record SignInForm(
    String user, Secret password, Optional<Secret> totpCode, Optional<WebauthnAnswer> webauthn) {}
