package dev.sallyport.control;

import java.time.Instant;
import java.util.Optional;

/// Whether a host reaches one of its databases, in the words of `status.target_health`.
///
/// @param database its name
/// @param since when the status became what it is
public record HealthReport(
    String database,
    String address,
    String status,
    String reason,
    Instant since,
    Optional<String> error) {}
