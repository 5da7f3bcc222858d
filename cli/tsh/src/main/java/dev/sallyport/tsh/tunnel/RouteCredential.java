package dev.sallyport.tsh.tunnel;

import dev.sallyport.model.Route;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.InvalidIdentity;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import io.netty.handler.ssl.SslContext;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What connections to one database are opened with: the user's certificate for it, and whom to
/// accept at both ends of the way. Never written to disk; [#file] is for a pipe.
///
/// Two of them are never equal: the pool tells old connections from new ones by it.
public final class RouteCredential {
  private final TlsIdentity identity;
  private final Supplier<TrustBundle> trust;
  private final SslContext outer;
  private final SslContext inner;
  private final List<String> agents;

  /// @param trust asked at each handshake
  /// @param agents ids of the hosts that serve the database; nobody else is accepted inside
  RouteCredential(
      TlsIdentity identity, Supplier<TrustBundle> trust, List<String> agents, InstantSource clock) {
    this.identity = identity;
    this.trust = trust;
    this.agents = List.copyOf(agents);
    var verifier = new IdentityVerifier(trust, clock);
    var hosts = Set.copyOf(agents);
    var provider = TlsProvider.best();
    this.outer =
        TlsContexts.client(
            Optional.of(identity),
            PeerTrust.server(verifier, SystemRole.PROXY, "proxy." + trust.get().clusterName()),
            List.of(Alpn.DYNAMODB),
            provider);
    this.inner =
        TlsContexts.client(
            Optional.of(identity),
            PeerTrust.hosts(
                verifier, Set.of(SystemRole.DB), host -> hosts.contains(host.identity().hostId())),
            List.of(Alpn.INNER),
            provider);
  }

  /// The cluster that it is for.
  public String clusterName() {
    return trust.get().clusterName();
  }

  /// The certificate itself, without its key.
  public X509Certificate certificate() {
    return identity.leaf();
  }

  /// When it ends.
  public Instant validUntil() {
    return identity.leaf().getNotAfter().toInstant();
  }

  /// All of it, for another process of the same user; a secret.
  public IdentityFile file() {
    var now = trust.get();
    return new IdentityFile(
        identity, TrustBundle.ofHosts(now.clusterName(), now.hostAuthorities()));
  }

  /// Ids of the hosts that serve the database.
  public List<String> agents() {
    return agents;
  }

  /// Whether it was given for a second factor of this session.
  boolean confirmed() {
    try {
      return ClaimedIdentity.of(identity.leaf()).identity() instanceof UserIdentity user
          && user.route().flatMap(Route::mfaDevice).isPresent();
    } catch (InvalidIdentity e) {
      return false;
    }
  }

  TlsIdentity identity() {
    return identity;
  }

  SslContext outer() {
    return outer;
  }

  SslContext inner() {
    return inner;
  }
}
