package dev.sallyport.control;

import java.util.Optional;

/// How to sign in.
///
/// @param type `local`, or empty in the answer of `find`
/// @param secondFactor `off`, `optional` or `on`
public record PingAuth(
    String type,
    Optional<String> secondFactor,
    boolean hasMotd,
    Optional<String> defaultSessionTtl) {}
