package dev.sallyport.proxy.front;

import dev.sallyport.model.SystemRole;
import dev.sallyport.net.tunnel.HelloMessage;
import dev.sallyport.net.tunnel.HelloVerdict;
import dev.sallyport.net.tunnel.HelloVerifier;
import dev.sallyport.pki.Verification;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets agents park: hosts with a certificate in the role Db, under the host id in it and no other.
///
/// @param keeper knows who may come
/// @param welcome what a parked agent is told
record TunnelDoor(Doorkeeper keeper, HelloMessage welcome) implements HelloVerifier {
  static final String NAME = "tunnel";

  private static final Logger log = LoggerFactory.getLogger(TunnelDoor.class);

  @Override
  public HelloVerdict verify(SocketAddress peer, List<X509Certificate> chain, byte[] hello) {
    var said = HelloMessage.parse(hello);
    return switch (keeper.verifier().host(chain, Set.of(SystemRole.DB))) {
      case Verification.Refused<?>(String reason) -> unwelcome(peer, said.hostId(), reason);
      case Verification.Verified(var host) -> {
        var proven = host.identity().hostId();
        if (!proven.equals(said.hostId())) {
          yield unwelcome(
              peer,
              said.hostId(),
              "the host id " + said.hostId() + " is not that of the certificate");
        }
        var lock = keeper.lockout().onAgent(proven);
        if (lock.isPresent()) {
          yield unwelcome(peer, proven, lock.get().refusal());
        }
        yield new HelloVerdict.Welcome(proven, welcome.encoded());
      }
    };
  }

  @Override
  public void tlsFailed(SocketAddress peer, Throwable cause) {
    Refusals.reason(cause).ifPresent(reason -> keeper.refusals().refused(NAME, peer, reason));
  }

  private HelloVerdict unwelcome(SocketAddress peer, String hostId, String reason) {
    log.atWarn()
        .addKeyValue("hostId", hostId)
        .addKeyValue("reason", reason)
        .log("an agent was refused");
    keeper.refusals().refused(NAME, peer, reason);
    return new HelloVerdict.Unwelcome(reason);
  }
}
