package dev.sallyport.pki;

import dev.sallyport.model.HostIdentity;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/// Proof of a part of the cluster, in one system role. Made only by [IdentityVerifier].
public final class VerifiedHost implements VerifiedIdentity {
  private final HostIdentity identity;
  private final Set<String> dnsNames;
  private final X509Certificate certificate;
  private final String fingerprint;

  VerifiedHost(
      HostIdentity identity,
      Set<String> dnsNames,
      X509Certificate certificate,
      String fingerprint) {
    this.identity = identity;
    this.dnsNames = Set.copyOf(dnsNames);
    this.certificate = certificate;
    this.fingerprint = fingerprint;
  }

  @Override
  public HostIdentity identity() {
    return identity;
  }

  /// The DNS names that its certificate holds, in lower case. Without wildcards.
  public Set<String> dnsNames() {
    return dnsNames;
  }

  /// Whether its certificate holds exactly that DNS name.
  public boolean hasName(String dnsName) {
    return dnsNames.contains(dnsName.toLowerCase(Locale.ROOT));
  }

  @Override
  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public X509Certificate certificate() {
    return certificate;
  }

  @Override
  public String toString() {
    return identity.role().wireName() + " host " + identity.fullName();
  }
}
