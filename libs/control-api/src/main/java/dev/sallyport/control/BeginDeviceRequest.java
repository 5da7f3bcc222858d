package dev.sallyport.control;

/// Begins to register another device.
///
/// @param kind `totp`, `webauthn`, or `passkey`
/// @param proof a second factor that is registered already; the password if there is none
public record BeginDeviceRequest(String kind, MfaProof proof) {}
