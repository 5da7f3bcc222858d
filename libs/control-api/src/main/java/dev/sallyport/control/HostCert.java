package dev.sallyport.control;

/// A host's renewed certificate: the same host, role and names as before.
///
/// @param certificate PEM
/// @param authority PEM of the authority that signed it
/// @param trust the authorities of now
public record HostCert(String certificate, String authority, Trust trust) {}
