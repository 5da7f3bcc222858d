package dev.sallyport.net;

import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// What the other end's last word means. Neither TLS provider tells an alert but by its text, so
/// the reading of that text has one place, with a test for each provider.
public final class TlsAlerts {
  private static final Pattern CERTIFICATE_REFUSED =
      Pattern.compile(
          "(received fatal alert: |_alert_)(bad_certificate|unsupported_certificate"
              + "|certificate_revoked|certificate_expired|certificate_unknown|unknown_ca"
              + "|access_denied|certificate_required)\\b");
  private static final int CAUSES_MAX = 8;

  private TlsAlerts() {}

  /// Whether the peer ended the connection because it does not accept the certificate that it was
  /// shown. False for everything else, also for a certificate that this side refuses.
  public static boolean peerRefusedCertificate(Throwable cause) {
    var at = cause;
    for (int i = 0; i < CAUSES_MAX && at != null; i++) {
      if (at instanceof SSLException && at.getMessage() != null) {
        var text = at.getMessage().toLowerCase(Locale.ROOT);
        if (CERTIFICATE_REFUSED.matcher(text).find()) {
          return true;
        }
      }
      at = at.getCause();
    }
    return false;
  }
}
