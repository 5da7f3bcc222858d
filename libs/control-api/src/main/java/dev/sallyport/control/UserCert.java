package dev.sallyport.control;

import java.time.Instant;

/// A user's certificate, as PEM, and the cluster's authorities.
public record UserCert(String certificate, Trust trust, String user, Instant validUntil) {}
