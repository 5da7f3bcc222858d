package dev.sallyport.pki.authority;

import java.time.Instant;

/// From when to when a certificate holds.
record Validity(Instant notBefore, Instant notAfter) {}
