package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.profile.Profile;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.SystemTrust;
import dev.sallyport.tsh.Tsh;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.X509ExtendedTrustManager;

/// How the Proxy's public door is recognised.
final class ProxyTrust {
  private ProxyTrust() {}

  /// By a public certificate, or by the cluster's own authorities that a login left here.
  static X509ExtendedTrustManager of(Tsh tsh, String host, Optional<Profile> profile) {
    if (tsh.insecure()) {
      tsh.console()
          .err()
          .println(
              "WARNING: --insecure: the certificate of "
                  + host
                  + " is not verified. Whoever answers there can read your password.");
      return PeerTrust.insecure();
    }
    var known = profile.flatMap(tsh.profiles()::identity);
    var verifier = known.map(login -> new IdentityVerifier(login::trust, tsh.console().clock()));
    try {
      return PeerTrust.web(SystemTrust.load(tsh.console().env()), verifier, host);
    } catch (IOException e) {
      throw new CommandFailure("cannot load trusted certificates: " + e.getMessage(), e);
    }
  }

  /// By the pin of the cluster's host authority, at first sight.
  static X509ExtendedTrustManager pinned(Tsh tsh, List<String> pins) {
    var parsed = pins.stream().map(CaPin::parse).collect(Collectors.toUnmodifiableSet());
    return PeerTrust.pinnedProxy(parsed, tsh.console().clock());
  }
}
