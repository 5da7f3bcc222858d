package dev.sallyport.pki;

import dev.sallyport.model.Identity;
import java.security.cert.X509Certificate;
import java.time.Instant;

/// What a certificate says of its holder, unproven: for showing one's own certificate, never for
/// deciding about a peer. For that there is [IdentityVerifier].
public record ClaimedIdentity(Identity identity, Instant notBefore, Instant notAfter) {
  /// Reads it from a certificate.
  public static ClaimedIdentity of(X509Certificate certificate) throws InvalidIdentity {
    if (!(IdentityExtension.read(certificate) instanceof CertificateClaim.Holder(Identity who))) {
      throw new InvalidIdentity("the certificate is an authority's");
    }
    return new ClaimedIdentity(
        who, certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }
}
