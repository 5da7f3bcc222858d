package dev.sallyport.auth.join;

import dev.sallyport.auth.state.Authorities;
import dev.sallyport.auth.state.HostRecord;
import dev.sallyport.auth.state.HostState;
import dev.sallyport.auth.state.Keys;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.TlsIdentity;
import java.net.InetAddress;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Issues host certificates, and keeps the record without which they are worth nothing.
public final class HostIssuer {
  private static final Duration MARGIN = Duration.ofDays(1);

  private final Authorities authorities;
  private final HostState hosts;
  private final InstantSource clock;

  public HostIssuer(Authorities authorities, HostState hosts, InstantSource clock) {
    this.authorities = authorities;
    this.hosts = hosts;
    this.clock = clock;
  }

  /// A certificate for a host that proved itself by a join, with no name but its own. It is the
  /// only one that host may use.
  ///
  /// @param databases the names that the host may announce
  public X509Certificate joined(
      HostIdentity host, PublicKey key, String nodeName, List<String> databases) {
    var certificate = issue(host, key, Set.of(), Set.of());
    keep(host, nodeName, databases, Optional.of(fingerprint(certificate)));
    return certificate;
  }

  /// A new key and certificate for a part that runs inside this very process. An admin's file is
  /// written anew at each start, and the old one ends by that.
  public TlsIdentity local(
      HostIdentity host, String nodeName, Set<String> dnsNames, Set<InetAddress> addresses) {
    var keys = KeyPairs.generate();
    var certificate = issue(host, keys.getPublic(), dnsNames, addresses);
    var only =
        switch (host.role()) {
          case ADMIN -> Optional.of(fingerprint(certificate));
          case AUTH, PROXY, DB -> Optional.<String>empty();
        };
    keep(host, nodeName, List.of(ProvisionToken.ANY_DATABASE), only);
    return authorities.hosts().identity(keys.getPrivate(), certificate);
  }

  private void keep(
      HostIdentity host, String nodeName, List<String> databases, Optional<String> fingerprint) {
    hosts.put(
        new HostRecord(
            host.hostId(),
            host.role().wireName(),
            nodeName,
            databases,
            fingerprint,
            clock.instant()));
  }

  private X509Certificate issue(
      HostIdentity host, PublicKey key, Set<String> dnsNames, Set<InetAddress> addresses) {
    return authorities.hosts().issueHost(host, key, dnsNames, addresses, end());
  }

  /// Hosts' certificates last as long as the authority: a host is put out by its record.
  private Instant end() {
    return authorities
        .hosts()
        .certificate()
        .getNotAfter()
        .toInstant()
        .minus(MARGIN)
        .truncatedTo(ChronoUnit.SECONDS);
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return Keys.hash(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate of ours has no encoding", e);
    }
  }
}
