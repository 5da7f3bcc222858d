package dev.sallyport.control;

import java.util.Optional;

/// Asks for a certificate for one database.
///
/// @param publicKey PEM of a key that was made for this
/// @param renews PEM of the still valid certificate whose session goes on
/// @param mfa a fresh second factor, where the session needs one
public record DatabaseCertRequest(
    String database,
    String dbUser,
    Optional<String> dbName,
    String publicKey,
    Optional<String> renews,
    Optional<MfaProof> mfa) {
  /// Without a second factor.
  public DatabaseCertRequest(
      String database,
      String dbUser,
      Optional<String> dbName,
      String publicKey,
      Optional<String> renews) {
    this(database, dbUser, dbName, publicKey, renews, Optional.empty());
  }
}
