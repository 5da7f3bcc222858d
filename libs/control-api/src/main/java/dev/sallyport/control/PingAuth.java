package dev.sallyport.control;

import java.util.Optional;

/// How to sign in.
///
/// @param type `local`, or empty in the answer of `find`
/// @param secondFactor `off`, `optional`, `on`, `otp` or `webauthn`
/// @param hasMotd whether there is a message to read before signing in
public record PingAuth(
    String type,
    Optional<String> secondFactor,
    boolean hasMotd,
    Optional<String> defaultSessionTtl) {}
