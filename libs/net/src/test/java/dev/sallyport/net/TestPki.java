package dev.sallyport.net;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Route;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The authorities of one cluster and whom they vouch for.
public final class TestPki {
  public final IdentityVerifier verifier;

  private final String cluster;
  private final InstantSource clock = InstantSource.system();
  private final CertificateAuthority users;
  private final CertificateAuthority hosts;

  public TestPki(String cluster) {
    this.cluster = cluster;
    var random = new SecureRandom();
    users = CertificateAuthority.create(CaKind.USER, cluster, clock, random);
    hosts = CertificateAuthority.create(CaKind.HOST, cluster, clock, random);
    var trust =
        new TrustBundle(cluster, List.of(users.certificate()), List.of(hosts.certificate()));
    verifier = new IdentityVerifier(() -> trust, clock);
  }

  public TlsIdentity host(String hostId, SystemRole role) {
    var keys = KeyPairs.generate();
    var certificate =
        hosts.issueHost(
            new HostIdentity(cluster, hostId, role),
            keys.getPublic(),
            Set.of(),
            Set.of(),
            clock.instant().plus(Duration.ofHours(1)));
    return new TlsIdentity(keys.getPrivate(), List.of(certificate));
  }

  public TlsIdentity user(String name) {
    var keys = KeyPairs.generate();
    var certificate =
        users.issueUser(
            new UserIdentity(
                cluster,
                name,
                List.of("access"),
                Map.of(),
                UserKind.HUMAN,
                Optional.empty(),
                Optional.empty(),
                Optional.of(
                    new Route("example-dynamodb", "dynamodb", "Example", Optional.empty(), "s1"))),
            keys.getPublic(),
            clock.instant().plus(Duration.ofHours(1)));
    return new TlsIdentity(keys.getPrivate(), List.of(certificate));
  }
}
