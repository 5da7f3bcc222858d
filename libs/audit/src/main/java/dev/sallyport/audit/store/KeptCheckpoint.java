package dev.sallyport.audit.store;

/// What the holder of a chain signed about it, kept as it came.
///
/// @param chain the chain's name
/// @param sequence of the last record that it covers
/// @param body the signed statement
public record KeptCheckpoint(String chain, long sequence, String body) {}
