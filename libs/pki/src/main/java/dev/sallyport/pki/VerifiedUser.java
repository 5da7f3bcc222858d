package dev.sallyport.pki;

import dev.sallyport.model.UserIdentity;
import java.security.cert.X509Certificate;
import java.time.Instant;

/// Proof of a user. Made only by [IdentityVerifier].
public final class VerifiedUser implements VerifiedIdentity {
  private final UserIdentity identity;
  private final X509Certificate certificate;
  private final String fingerprint;

  VerifiedUser(UserIdentity identity, X509Certificate certificate, String fingerprint) {
    this.identity = identity;
    this.certificate = certificate;
    this.fingerprint = fingerprint;
  }

  @Override
  public UserIdentity identity() {
    return identity;
  }

  @Override
  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public X509Certificate certificate() {
    return certificate;
  }

  @Override
  public String toString() {
    return "user " + identity.user() + " of " + identity.clusterName();
  }
}
