package dev.sallyport.control;

/// Begins to register a device behind a link. Nothing is kept until the link is used.
///
/// @param kind `totp`, `webauthn`, or `passkey`: a key that also signs in without a password
/// @param clientAddress where it came from, as the Proxy saw it
public record EnrollRequest(String kind, String clientAddress) {}
