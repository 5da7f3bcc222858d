package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Duration;
import java.util.Optional;

/// A sign-in as the Proxy passes it on.
///
/// @param publicKey PEM of the key made on the user's machine
/// @param clientAddress where the sign-in came from, as the Proxy saw it
public record LoginRequest(
    String user,
    Secret password,
    Optional<Secret> otp,
    String publicKey,
    Optional<Duration> ttl,
    String clientAddress) {}
