package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Duration;
import java.util.Optional;

/// A sign-in as tsh sends it to the Proxy's public door.
///
/// @param tlsPubKey PEM of the key made on the user's machine
public record WebLoginRequest(
    String user,
    Secret password,
    Optional<Secret> totpCode,
    String tlsPubKey,
    Optional<Duration> ttl) {}
