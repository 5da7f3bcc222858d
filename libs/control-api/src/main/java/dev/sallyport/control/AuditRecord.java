package dev.sallyport.control;

/// One record of a chain, exactly as it is kept.
///
/// @param previous the chain's hash before it
/// @param hash the chain's hash after it
/// @param body its text, over whose UTF-8 bytes the hash is
public record AuditRecord(long sequence, String previous, String hash, String body) {}
