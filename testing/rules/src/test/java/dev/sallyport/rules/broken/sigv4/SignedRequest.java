package dev.sallyport.rules.broken.sigv4;

/// A proof outside the agent.
public final class SignedRequest {}
