package dev.sallyport.audit.store;

import java.time.Instant;

/// A record and its place in the order in which records came.
///
/// @param position from 1, growing; never used again
/// @param came when it was stored, to the millisecond
/// @param chain the chain that it belongs to
/// @param entry its place in the chain
/// @param setAside whether it only keeps its place, since it is no event that its sender may report
public record Stored(
    long position, Instant came, String chain, ChainEntry entry, boolean setAside) {}
