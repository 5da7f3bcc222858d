package dev.sallyport.control;

import java.time.Instant;
import java.util.Optional;

/// A registered device.
///
/// @param kind `totp`, `webauthn`, or `passkey`: a key that also signs in without a password
/// @param lastUsed absent until its first use
public record MfaDevice(
    String id, String name, String kind, Instant added, Optional<Instant> lastUsed) {}
