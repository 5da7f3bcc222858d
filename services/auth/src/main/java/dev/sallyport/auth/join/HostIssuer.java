package dev.sallyport.auth.join;

import dev.sallyport.auth.state.Authorities;
import dev.sallyport.auth.state.HostRecord;
import dev.sallyport.auth.state.HostState;
import dev.sallyport.auth.state.Keys;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.VerifiedHost;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.net.InetAddress;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Issues host certificates, and keeps the record without which they are worth nothing.
public final class HostIssuer {
  /// How long a host's certificate lasts unless the configuration says otherwise. A host that is
  /// away for longer has to join again.
  public static final Duration USUAL_TTL = Duration.ofDays(90);

  private static final Duration MARGIN = Duration.ofDays(1);
  private static final int IP_ADDRESS = 7;

  private final Authorities authorities;
  private final HostState hosts;
  private final Duration ttl;
  private final InstantSource clock;

  /// @param ttl of each certificate
  public HostIssuer(Authorities authorities, HostState hosts, Duration ttl, InstantSource clock) {
    this.authorities = authorities;
    this.hosts = hosts;
    this.ttl = ttl;
    this.clock = clock;
  }

  /// A certificate and the authority that signed it.
  public record Issued(X509Certificate certificate, CertificateAuthority by) {
    /// What it is known by.
    public String fingerprint() {
      return HostIssuer.fingerprint(certificate);
    }
  }

  /// A certificate for a host that proved itself by a join, with no name but its own. It is the
  /// only one that host may use.
  ///
  /// @param databases the names that the host may announce
  public X509Certificate joined(
      HostIdentity host, PublicKey key, String nodeName, List<String> databases) {
    var certificate = issue(authorities.listeningHosts(), host, key, Set.of(), Set.of());
    hosts.put(record(host, nodeName, databases, Optional.of(fingerprint(certificate))));
    return certificate;
  }

  /// A certificate like the one that a host has, with the same names. It counts once
  /// [#renewed(VerifiedHost, Issued)] has kept it.
  public Issued renewal(VerifiedHost host, PublicKey key) {
    var by = authorities.hosts();
    var identity = host.identity();
    var names = new HashSet<>(host.dnsNames());
    // Those that every host of its kind has are added anyway.
    names.remove(identity.fullName().toLowerCase(Locale.ROOT));
    names.remove("proxy." + identity.clusterName());
    return new Issued(issue(by, identity, key, names, addresses(host.certificate())), by);
  }

  /// Keeps that a host has another certificate. The one that it called with counts on until the
  /// next renewal, or until it ends.
  public void renewed(VerifiedHost host, Issued issued) {
    hosts
        .get(host.identity())
        .ifPresent(known -> hosts.put(known.renewed(issued.fingerprint(), host.fingerprint())));
  }

  /// A new key and certificate for a part that runs inside this very process.
  public TlsIdentity local(
      HostIdentity host, String nodeName, Set<String> dnsNames, Set<InetAddress> addresses) {
    var identity = issueLocal(host, dnsNames, addresses);
    hosts.put(record(host, nodeName, List.of(ProvisionToken.ANY_DATABASE), Optional.empty()));
    return identity;
  }

  /// A new key and certificate for the administrator of this host, whose file is written anew.
  ///
  /// @param replaced the one that the file had and that calls are under way with; without one, as
  ///   at a start, whatever there was before ends
  public TlsIdentity administrator(
      HostIdentity host, String nodeName, Optional<TlsIdentity> replaced) {
    var identity = issueLocal(host, Set.of(), Set.of());
    hosts.put(
        new HostRecord(
            host.hostId(),
            host.role().wireName(),
            nodeName,
            List.of(ProvisionToken.ANY_DATABASE),
            Optional.of(fingerprint(identity.leaf())),
            replaced.map(old -> fingerprint(old.leaf())),
            clock.instant()));
    return identity;
  }

  private TlsIdentity issueLocal(
      HostIdentity host, Set<String> dnsNames, Set<InetAddress> addresses) {
    var keys = KeyPairs.generate();
    var by = host.role() == SystemRole.ADMIN ? authorities.hosts() : authorities.listeningHosts();
    return by.identity(keys.getPrivate(), issue(by, host, keys.getPublic(), dnsNames, addresses));
  }

  private HostRecord record(
      HostIdentity host, String nodeName, List<String> databases, Optional<String> fingerprint) {
    return new HostRecord(
        host.hostId(),
        host.role().wireName(),
        nodeName,
        databases,
        fingerprint,
        Optional.empty(),
        clock.instant());
  }

  private X509Certificate issue(
      CertificateAuthority by,
      HostIdentity host,
      PublicKey key,
      Set<String> dnsNames,
      Set<InetAddress> addresses) {
    return by.issueHost(host, key, dnsNames, addresses, end(by));
  }

  private Instant end(CertificateAuthority by) {
    var wanted = clock.instant().plus(ttl);
    var latest = by.certificate().getNotAfter().toInstant().minus(MARGIN);
    return (wanted.isBefore(latest) ? wanted : latest).truncatedTo(ChronoUnit.SECONDS);
  }

  private static Set<InetAddress> addresses(X509Certificate certificate) {
    var addresses = new HashSet<InetAddress>();
    try {
      var names = certificate.getSubjectAlternativeNames();
      if (names != null) {
        for (var name : names) {
          if (name.get(0) instanceof Integer type
              && type == IP_ADDRESS
              && name.get(1) instanceof String text) {
            addresses.add(InetAddress.ofLiteral(text));
          }
        }
      }
    } catch (CertificateParsingException e) {
      throw new IllegalStateException("a certificate of ours has names that can't be read", e);
    }
    return addresses;
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return Keys.hash(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate of ours has no encoding", e);
    }
  }
}
