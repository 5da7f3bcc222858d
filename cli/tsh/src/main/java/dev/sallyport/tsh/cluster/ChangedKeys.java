package dev.sallyport.tsh.cluster;

import dev.sallyport.control.ControlException;
import dev.sallyport.net.TlsAlerts;
import dev.sallyport.pki.PeerRefused;
import java.util.Optional;

/// A cluster that has changed the keys of its authorities, as a login of before meets it: one of
/// the two does not accept the other's certificate.
public final class ChangedKeys {
  private ChangedKeys() {}

  /// What one of them said, for people. Empty for every other failure.
  public static Optional<String> of(ControlException failure) {
    if (TlsAlerts.peerRefusedCertificate(failure)) {
      return Optional.of(
          "the cluster does not accept its certificate (the cluster has changed its keys since, or"
              + " a clock is wrong)");
    }
    return PeerRefused.in(failure).map(_ -> failure.reason());
  }
}
