package dev.sallyport.pki;

import java.security.cert.CertificateException;

/// Ends a handshake with a peer whose certificates were not accepted. Found as the cause of the TLS
/// library's own exception; its message says why and may be logged.
public final class PeerRefused extends CertificateException {
  private static final long serialVersionUID = 1L;

  /// With the reason.
  public PeerRefused(String reason) {
    super(reason);
  }

  /// With the reason and what found it.
  public PeerRefused(String reason, Throwable cause) {
    super(reason, cause);
  }
}
