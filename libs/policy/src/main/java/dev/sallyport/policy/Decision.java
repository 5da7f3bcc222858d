package dev.sallyport.policy;

/// What came of an {@link AccessRequest}.
public sealed interface Decision permits Permit, Denial {}
