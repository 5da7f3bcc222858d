package dev.sallyport.control;

import java.time.Instant;

/// A user is signed in.
///
/// @param certificate PEM
public record LoginResult(String certificate, Trust trust, String user, Instant validUntil) {}
