package dev.sallyport.control;

import java.util.Optional;

/// Asks for a certificate for one database.
///
/// @param publicKey PEM of a key that was made for this
/// @param renews PEM of the still valid certificate whose session goes on
public record DatabaseCertRequest(
    String database,
    String dbUser,
    Optional<String> dbName,
    String publicKey,
    Optional<String> renews) {}
