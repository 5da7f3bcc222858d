package dev.sallyport.proxy.browser.api;

/// Begins to register a device behind a link.
///
/// @param deviceKind `totp`, `webauthn` or `passkey`
public record LinkDeviceForm(LinkRef link, String deviceKind) {}
