package dev.sallyport.proxy.front;

import dev.sallyport.model.SystemRole;
import dev.sallyport.net.tunnel.HelloMessage;
import dev.sallyport.net.tunnel.HelloVerdict;
import dev.sallyport.net.tunnel.HelloVerifier;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.Verification;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets agents park: hosts with a certificate in the role Db, under the host id in it and no other.
///
/// @param verifier checks the certificate once more, for the identity in it
/// @param welcome what a parked agent is told
/// @param lockout keeps locked agents out
record TunnelDoor(IdentityVerifier verifier, HelloMessage welcome, Lockout lockout)
    implements HelloVerifier {
  static final String NAME = "tunnel";

  private static final Logger log = LoggerFactory.getLogger(TunnelDoor.class);

  @Override
  public HelloVerdict verify(List<X509Certificate> chain, byte[] hello) {
    var said = HelloMessage.parse(hello);
    return switch (verifier.host(chain, Set.of(SystemRole.DB))) {
      case Verification.Refused<?>(String reason) -> unwelcome(said.hostId(), reason);
      case Verification.Verified(var host) -> {
        var proven = host.identity().hostId();
        if (!proven.equals(said.hostId())) {
          yield unwelcome(
              said.hostId(), "the host id " + said.hostId() + " is not that of the certificate");
        }
        var lock = lockout.onAgent(proven);
        if (lock.isPresent()) {
          yield unwelcome(proven, lock.get().refusal());
        }
        yield new HelloVerdict.Welcome(proven, welcome.encoded());
      }
    };
  }

  private static HelloVerdict unwelcome(String hostId, String reason) {
    log.atWarn()
        .addKeyValue("hostId", hostId)
        .addKeyValue("reason", reason)
        .log("an agent was refused");
    return new HelloVerdict.Unwelcome(reason);
  }
}
