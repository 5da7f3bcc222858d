package dev.sallyport.auth.access;

import dev.sallyport.auth.state.HostRecord;
import dev.sallyport.auth.state.HostState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedHost;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.pki.authority.JoinCertificate;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Turns the certificates of a connection into the caller, anew for each call: certificates end and
/// hosts are put out while connections live on.
public final class Peers {
  private final IdentityVerifier verifier;
  private final HostState hosts;
  private final Predicate<VerifiedUser> webSessions;

  /// @param webSessions whether the web session of a certificate is open
  public Peers(IdentityVerifier verifier, HostState hosts, Predicate<VerifiedUser> webSessions) {
    this.verifier = verifier;
    this.hosts = hosts;
    this.webSessions = webSessions;
  }

  /// @throws ControlException of kind ACCESS_DENIED if the chain proves nobody
  public Caller identify(List<X509Certificate> chain) {
    var joining = JoinCertificate.key(chain);
    if (joining.isPresent()) {
      return new Caller.Joining(joining.get());
    }
    if (verifier.user(chain) instanceof Verification.Verified<VerifiedUser>(VerifiedUser user)) {
      return user.identity().route().isPresent()
          ? new Caller.RouteHolder(user)
          : new Caller.Person(user);
    }
    if (verifier.webSession(chain)
        instanceof Verification.Verified<VerifiedUser>(VerifiedUser user)) {
      if (!webSessions.test(user)) {
        throw new ControlException(ErrorKind.ACCESS_DENIED, "this web session has ended");
      }
      return new Caller.Web(user);
    }
    return switch (verifier.host(chain, EnumSet.allOf(SystemRole.class))) {
      case Verification.Refused<VerifiedHost>(String reason) ->
          throw new ControlException(ErrorKind.ACCESS_DENIED, "client certificate: " + reason);
      case Verification.Verified<VerifiedHost>(VerifiedHost host) -> {
        record(host);
        yield switch (host.identity().role()) {
          case ADMIN -> new Caller.Admin(host);
          case AUTH, PROXY, DB -> new Caller.Part(host);
        };
      }
    };
  }

  /// Whether a host that was verified before would be so now.
  public boolean stillBelongs(VerifiedHost host) {
    try {
      record(host);
      return verifier.host(List.of(host.certificate()), Set.of(host.identity().role()))
          instanceof Verification.Verified<VerifiedHost>;
    } catch (ControlException e) {
      return false;
    }
  }

  /// What Auth knows of a host.
  ///
  /// @throws ControlException of kind ACCESS_DENIED if it does not, or no longer, belong to the
  ///   cluster, or uses another certificate than it was given
  public HostRecord record(VerifiedHost host) {
    var identity = host.identity();
    return hosts
        .get(identity)
        .filter(known -> known.mayUse(host.fingerprint()))
        .orElseThrow(() ->
            new ControlException(
                ErrorKind.ACCESS_DENIED,
                "%s host %s does not belong to the cluster (any more)"
                    .formatted(identity.role().wireName(), identity.hostId())));
  }
}
