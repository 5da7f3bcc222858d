package dev.sallyport.control;

import java.time.Duration;
import java.util.Optional;

/// Asks for a link by which a user sets a new password; the old one ends at once.
///
/// @param ttl how long the link lasts; absent means eight hours
public record ResetUserRequest(Optional<Duration> ttl) {}
