package dev.sallyport.control;

/// A host asks for another certificate in its system role, with the one that it has.
///
/// @param publicKey PEM of a new key, made on the host
public record RenewHostRequest(String publicKey) {}
