package dev.sallyport.policy;

import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.Route;
import dev.sallyport.model.Rule;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Users whose certificates are real, and shorthand for what they are judged by.
final class Users {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Instant END = NOW.plus(Duration.ofHours(8));
  static final String ACCOUNT = "123456789012";
  static final String CLUSTER = "example.com";

  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final CertificateAuthority AUTHORITY =
      CertificateAuthority.create(CaKind.USER, CLUSTER, CLOCK, new SecureRandom());
  private static final IdentityVerifier VERIFIER =
      new IdentityVerifier(
          () -> new TrustBundle(CLUSTER, List.of(AUTHORITY.certificate()), List.of()), CLOCK);
  private static final KeyPair KEY = KeyPairs.generate();

  private Users() {}

  static UserIdentity identity(
      List<String> roles, Map<String, List<String>> traits, Optional<Route> route) {
    return new UserIdentity(
        CLUSTER, "alice", roles, traits, UserKind.HUMAN, Optional.empty(), Optional.empty(), route);
  }

  static VerifiedUser verified(UserIdentity identity) {
    var chain = List.of(AUTHORITY.issueUser(identity, KEY.getPublic(), END));
    return switch (VERIFIER.user(chain)) {
      case Verification.Verified<VerifiedUser>(VerifiedUser user) -> user;
      case Verification.Refused<VerifiedUser>(String reason) -> throw new AssertionError(reason);
    };
  }

  static Optional<Route> route(Database database, String dbUser) {
    return Optional.of(
        new Route(database.name(), database.protocol(), dbUser, Optional.empty(), "session-1"));
  }

  static Database database(String region, Map<String, String> labels) {
    return new Database(
        Metadata.named("example").withLabels(labels),
        "dynamodb",
        Optional.empty(),
        DatabaseAws.of(region, ACCOUNT),
        DatabaseTls.SYSTEM);
  }

  static RoleConditions side(Map<String, List<String>> labels, List<String> dbUsers) {
    return new RoleConditions(new LabelSelector(labels), dbUsers, List.of());
  }

  static RoleConditions rules(Rule... rules) {
    return new RoleConditions(LabelSelector.NONE, List.of(), List.of(rules));
  }

  static Role role(String name, RoleConditions allow, RoleConditions deny) {
    return new Role(Metadata.named(name), "v7", RoleOptions.DEFAULT, allow, deny);
  }

  static Role allowing(String name, Map<String, List<String>> labels, String... dbUsers) {
    return role(name, side(labels, List.of(dbUsers)), RoleConditions.NONE);
  }

  /// The same role, and it wants a second factor for each session.
  static Role needingMfa(Role role) {
    var options =
        new RoleOptions(
            RoleOptions.MAX_SESSION_TTL,
            Optional.empty(),
            false,
            true,
            Optional.empty(),
            Optional.empty(),
            0,
            false,
            false,
            Map.of());
    return new Role(role.metadata(), role.version(), options, role.allow(), role.deny());
  }

  /// The same role, whose holder may read why something was denied.
  static Role explaining(Role role) {
    var options =
        new RoleOptions(
            RoleOptions.MAX_SESSION_TTL,
            Optional.empty(),
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            0,
            true,
            true,
            Map.of());
    return new Role(role.metadata(), role.version(), options, role.allow(), role.deny());
  }

  static RoleSet roles(Role... roles) {
    return new RoleSet(List.of(roles), List.of());
  }

  static Decision decide(
      RoleSet roles, Map<String, List<String>> traits, Database database, String dbUser) {
    var names = roles.effective().stream().map(Role::name).toList();
    var user = verified(identity(names, traits, route(database, dbUser)));
    return new AccessPolicy()
        .decide(new AccessRequest(user, roles, database, dbUser, Circumstances.PLAIN, NOW));
  }
}
