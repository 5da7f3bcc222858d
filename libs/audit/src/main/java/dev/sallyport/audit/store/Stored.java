package dev.sallyport.audit.store;

/// A record and its place in the order in which records came.
///
/// @param position from 1, growing; never used again
/// @param chain the chain that it belongs to
/// @param entry its place in the chain
public record Stored(long position, String chain, ChainEntry entry) {}
