package dev.sallyport.control;

import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.authority.JoinCertificate;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The Auth Service's own port as a host that is to be a Proxy sees it: only those two routes. Auth
/// must show the authority that a pin names.
///
/// Calls block. Whoever made it closes it.
public final class AuthJoin implements JoinDoor {
  private final JsonHttp http;

  /// A door that is dialled at the first call.
  ///
  /// @param keys that are to be certified
  /// @param pins of the cluster; at least one, since nothing else tells Auth from a stranger
  public AuthJoin(
      ControlEndpoint auth,
      KeyPair keys,
      Set<CaPin> pins,
      InstantSource clock,
      SecureRandom random) {
    if (pins.isEmpty()) {
      throw new IllegalArgumentException("ca_pin: (expected: at least one)");
    }
    var me = JoinCertificate.of(keys, clock, random);
    var trust = PeerTrust.pinnedAuth(pins, clock);
    this.http =
        new JsonHttp(
            auth.uri(),
            "the Auth Service at " + auth,
            AlpnContext.of(Optional.of(me), trust, ControlClient.ALPN),
            List.of("TLSv1.3"));
  }

  @Override
  public JoinChallenge challenge(JoinChallengeRequest request) {
    return http.call("POST", ControlRoutes.JOIN_CHALLENGE, request, JoinChallenge.class);
  }

  @Override
  public JoinResult join(WebJoinRequest request) {
    return http.call("POST", ControlRoutes.JOIN, request, JoinResult.class);
  }

  @Override
  public void close() {
    http.close();
  }
}
