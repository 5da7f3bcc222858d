package dev.sallyport.control;

import dev.sallyport.model.Secret;

/// Asks for the certificate of a web session, by showing the session.
///
/// @param publicKey PEM of a key that the asking Proxy made and keeps in memory
/// @param clientAddress where the browser is, as the Proxy saw it
public record WebCertificateRequest(Secret session, String publicKey, String clientAddress) {}
