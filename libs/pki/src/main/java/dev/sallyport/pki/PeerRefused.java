package dev.sallyport.pki;

import java.security.cert.CertificateException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Ends a handshake with a peer whose certificates were not accepted. Found as the cause of the TLS
/// library's own exception; its message says why and may be logged.
public final class PeerRefused extends CertificateException {
  private static final long serialVersionUID = 1L;
  private static final int CAUSES_MAX = 20;

  /// With the reason.
  public PeerRefused(String reason) {
    super(reason);
  }

  /// With the reason and what found it.
  public PeerRefused(String reason, Throwable cause) {
    super(reason, cause);
  }

  /// Whether a failure came of this, which may be deep among its causes.
  public static Optional<PeerRefused> in(Throwable failure) {
    @Nullable Throwable at = failure;
    for (int i = 0; i < CAUSES_MAX && at != null; i++) {
      if (at instanceof PeerRefused refused) {
        return Optional.of(refused);
      }
      at = at.getCause();
    }
    return Optional.empty();
  }
}
