package dev.sallyport.pki;

import dev.sallyport.model.Identity;
import java.security.cert.X509Certificate;
import java.time.Instant;

/// Proof that a certificate was checked: only [IdentityVerifier] makes one, and it was true at that
/// instant. Whoever keeps it for longer looks at [#notAfter].
public sealed interface VerifiedIdentity permits VerifiedUser, VerifiedHost {
  /// Who it is.
  Identity identity();

  /// The certificate's end.
  Instant notAfter();

  /// SHA-256 over the certificate, in lower-case hexadecimal.
  String fingerprint();

  /// The certificate itself.
  X509Certificate certificate();
}
