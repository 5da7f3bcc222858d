package dev.sallyport.pki;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Route;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A cluster's authorities and what they issue, for tests.
final class Cluster {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  final String name;
  final InstantSource clock;
  final CertificateAuthority users;
  final CertificateAuthority hosts;

  Cluster(String name) {
    this(name, InstantSource.fixed(NOW));
  }

  Cluster(String name, InstantSource clock) {
    this.name = name;
    this.clock = clock;
    users = CertificateAuthority.create(CaKind.USER, name, clock, new SecureRandom());
    hosts = CertificateAuthority.create(CaKind.HOST, name, clock, new SecureRandom());
  }

  TrustBundle trust() {
    return new TrustBundle(name, List.of(users.certificate()), List.of(hosts.certificate()));
  }

  IdentityVerifier verifier() {
    var trust = trust();
    return new IdentityVerifier(() -> trust, clock);
  }

  TlsIdentity user() {
    var keys = KeyPairs.generate();
    var end = clock.instant().plus(Duration.ofHours(12));
    return new TlsIdentity(
        keys.getPrivate(), List.of(users.issueUser(alice(), keys.getPublic(), end)));
  }

  TlsIdentity webSession() {
    var keys = KeyPairs.generate();
    var end = clock.instant().plus(CertificateAuthority.WEB_SESSION_MAX);
    return new TlsIdentity(
        keys.getPrivate(), List.of(users.issueWebSession(bob(), keys.getPublic(), end)));
  }

  TlsIdentity host(SystemRole role) {
    return host(role, "6f1f3a52-7f0c-4f7e-9d0e-0d6b1f6a0001");
  }

  TlsIdentity host(SystemRole role, String hostId) {
    var keys = KeyPairs.generate();
    var end = clock.instant().plus(Duration.ofDays(90));
    var host = new HostIdentity(name, hostId, role);
    return hosts.identity(
        keys.getPrivate(), hosts.issueHost(host, keys.getPublic(), Set.of(), Set.of(), end));
  }

  /// Signed in, without a route to a database.
  UserIdentity bob() {
    return new UserIdentity(
        name,
        "bob",
        List.of("access"),
        Map.of(),
        UserKind.HUMAN,
        Optional.of("192.0.2.8"),
        Optional.empty(),
        Optional.empty());
  }

  UserIdentity alice() {
    return new UserIdentity(
        name,
        "alice",
        List.of("access", "dynamodb"),
        Map.of("logins", List.of("alice", "root"), "team", List.of("läufer")),
        UserKind.HUMAN,
        Optional.of("192.0.2.7"),
        Optional.empty(),
        Optional.of(
            new Route(
                "orders",
                "dynamodb",
                "Reader",
                Optional.empty(),
                "session-1",
                Optional.of("phone-1"))));
  }
}
