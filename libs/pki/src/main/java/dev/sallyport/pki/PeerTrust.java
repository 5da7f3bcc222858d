package dev.sallyport.pki;

import dev.sallyport.model.SystemRole;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Trust managers that check chain, name and system role together, for every TLS library: they look
/// at the certificates alone, never at the engine or socket. Java's own host name check must be off
/// (it is, for a trust manager of this class), since the name is checked here.
///
/// Each one is for one direction: as a server's, it refuses to check servers, and the other way
/// round. They tell peers no authorities, so a peer's certificate choice does not depend on them.
public final class PeerTrust {
  private static final Check NEVER =
      chain -> {
        throw new PeerRefused("this side of a connection does not check such peers");
      };

  private PeerTrust() {}

  /// For a server whose clients are users.
  public static X509ExtendedTrustManager users(IdentityVerifier verifier) {
    return new Gate(chain -> accept(verifier.user(chain)), NEVER);
  }

  /// For a server whose clients are users, sessions of the web UI, or hosts in one of these roles.
  public static X509ExtendedTrustManager clients(IdentityVerifier verifier, Set<SystemRole> roles) {
    return new Gate(
        chain -> {
          if (verifier.user(chain) instanceof Verification.Refused<?>(String asUser)
              && verifier.webSession(chain) instanceof Verification.Refused<?>) {
            if (verifier.host(chain, roles) instanceof Verification.Refused<?>(String asHost)) {
              throw new PeerRefused("neither a user: " + asUser + "; nor a host: " + asHost);
            }
          }
        },
        NEVER);
  }

  /// For both directions: peers that are hosts in one of these roles and pass `name`.
  public static X509ExtendedTrustManager hosts(
      IdentityVerifier verifier, Set<SystemRole> roles, Predicate<VerifiedHost> name) {
    Check check = chain -> requireHost(verifier, chain, roles, name);
    return new Gate(check, check);
  }

  /// For a client of the server with that role and exactly that DNS name, such as Auth and
  /// `auth.<cluster>`.
  public static X509ExtendedTrustManager server(
      IdentityVerifier verifier, SystemRole role, String expectedDnsName) {
    return new Gate(
        NEVER,
        chain -> requireHost(verifier, chain, Set.of(role), host -> host.hasName(expectedDnsName)));
  }

  /// For a client that knows only pins: the Proxy must send its host authority after its own
  /// certificate, the authority's key must match a pin, and the rest is as with [#server].
  public static X509ExtendedTrustManager pinnedProxy(Set<CaPin> pins, InstantSource clock) {
    return pinnedServer(pins, SystemRole.PROXY, clock);
  }

  /// The same for a client of the Auth Service.
  public static X509ExtendedTrustManager pinnedAuth(Set<CaPin> pins, InstantSource clock) {
    return pinnedServer(pins, SystemRole.AUTH, clock);
  }

  private static X509ExtendedTrustManager pinnedServer(
      Set<CaPin> pins, SystemRole role, InstantSource clock) {
    var accepted = Set.copyOf(pins);
    return new Gate(
        NEVER,
        chain -> {
          var trust = pinned(chain, accepted);
          requireServer(new IdentityVerifier(() -> trust, clock), role, chain);
        });
  }

  /// For a client of the Proxy's public door: a public certificate for `host` which the machine
  /// trusts, or, with a cluster's trust at hand, the cluster's own Proxy certificate.
  public static X509ExtendedTrustManager web(
      SystemTrust systemTrust, Optional<IdentityVerifier> profileTrust, String host) {
    return new Gate(
        NEVER,
        chain -> {
          if (profileTrust.isPresent() && isProxy(profileTrust.get(), chain)) {
            return;
          }
          try {
            systemTrust.check(chain.toArray(X509Certificate[]::new), host);
          } catch (CertificateException e) {
            throw new PeerRefused(
                "the certificate of "
                    + host
                    + " is signed neither by an authority that this machine trusts nor by the"
                    + " cluster ("
                    + e.getMessage()
                    + "); a cluster without a public certificate is trusted by the CA pin that"
                    + " 'tctl status' prints there: tsh login --ca-pin, or ca_pin in the agent's"
                    + " file",
                e);
          }
        });
  }

  /// For a client that trusts whoever answers. Only for `--insecure`.
  public static X509ExtendedTrustManager insecure() {
    return new Gate(NEVER, chain -> {});
  }

  private static boolean isProxy(IdentityVerifier verifier, List<X509Certificate> chain) {
    try {
      requireServer(verifier, SystemRole.PROXY, chain);
      return true;
    } catch (PeerRefused e) {
      return false;
    }
  }

  /// Names like `proxy.<cluster>`, which only hosts in that role have.
  private static void requireServer(
      IdentityVerifier verifier, SystemRole role, List<X509Certificate> chain) throws PeerRefused {
    var name = role.wireName().toLowerCase(Locale.ROOT) + "." + verifier.clusterName();
    requireHost(verifier, chain, Set.of(role), host -> host.hasName(name));
  }

  private static void requireHost(
      IdentityVerifier verifier,
      List<X509Certificate> chain,
      Set<SystemRole> roles,
      Predicate<VerifiedHost> name)
      throws PeerRefused {
    switch (verifier.host(chain, roles)) {
      case Verification.Refused<VerifiedHost>(String reason) -> throw new PeerRefused(reason);
      case Verification.Verified<VerifiedHost>(VerifiedHost host) -> {
        if (!name.test(host)) {
          throw new PeerRefused(host + " is not the one that was asked for");
        }
      }
    }
  }

  private static void accept(Verification<?> verification) throws PeerRefused {
    if (verification instanceof Verification.Refused<?>(String reason)) {
      throw new PeerRefused(reason);
    }
  }

  private static TrustBundle pinned(List<X509Certificate> chain, Set<CaPin> pins)
      throws PeerRefused {
    if (chain.size() != 2) {
      throw new PeerRefused(
          "the server does not show a cluster's authority, so no CA pin can match: it sent "
              + chain.size()
              + " certificates");
    }
    try {
      var authority = Pem.certificate(chain.get(1).getEncoded());
      var matches = false;
      for (var pin : pins) {
        matches |= pin.matches(authority);
      }
      if (!matches) {
        throw new PeerRefused(
            "the server's authority has the CA pin "
                + CaPin.of(authority)
                + ", which is none of the expected ones; compare with 'tctl status'");
      }
      var cluster = TrustBundle.authority(authority).clusterName();
      return TrustBundle.ofHosts(cluster, List.of(authority));
    } catch (InvalidIdentity | PemException | IllegalArgumentException e) {
      throw new PeerRefused("the pinned authority cannot be used: " + e.getMessage(), e);
    } catch (PeerRefused e) {
      throw e;
    } catch (CertificateException e) {
      throw new PeerRefused("the server's authority cannot be read", e);
    }
  }

  @FunctionalInterface
  private interface Check {
    void require(List<X509Certificate> chain) throws PeerRefused;
  }

  /// Six doors, two checks.
  private static final class Gate extends X509ExtendedTrustManager {
    private final Check clients;
    private final Check servers;

    Gate(Check clients, Check servers) {
      this.clients = clients;
      this.servers = servers;
    }

    private static void check(Check check, X509Certificate @Nullable [] chain) throws PeerRefused {
      if (chain == null || chain.length == 0) {
        throw new PeerRefused("the peer sent no certificate");
      }
      check.require(List.copyOf(Arrays.asList(chain)));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws PeerRefused {
      check(clients, chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws PeerRefused {
      check(servers, chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket unused)
        throws PeerRefused {
      check(clients, chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket unused)
        throws PeerRefused {
      check(servers, chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine unused)
        throws PeerRefused {
      check(clients, chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine unused)
        throws PeerRefused {
      check(servers, chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
