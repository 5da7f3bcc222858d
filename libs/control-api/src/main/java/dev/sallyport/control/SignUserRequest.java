package dev.sallyport.control;

import java.time.Duration;
import java.util.Optional;

/// Asks, as admin, for a certificate of a user for automation.
///
/// @param ttl absent means twelve hours
/// @param publicKey PEM
public record SignUserRequest(String user, Optional<Duration> ttl, String publicKey) {}
