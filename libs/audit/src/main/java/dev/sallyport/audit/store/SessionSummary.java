package dev.sallyport.audit.store;

import java.time.Instant;

/// A database session as far as its events lie in the window.
///
/// @param requests how many requests it made
/// @param denied how many of its events are refusals
public record SessionSummary(
    String session,
    String user,
    String database,
    Instant first,
    Instant last,
    long requests,
    long denied) {}
