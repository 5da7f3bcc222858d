package dev.sallyport.control;

import java.time.Instant;

/// A database session as far as it lies in a window of time.
///
/// @param first its first event there
/// @param last its last event there
/// @param requests how many requests it made
/// @param denied how many of its events are refusals
public record AuditSession(
    String session,
    String user,
    String database,
    Instant first,
    Instant last,
    long requests,
    long denied) {}
