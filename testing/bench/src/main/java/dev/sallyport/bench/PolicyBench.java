package dev.sallyport.bench;

import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.Route;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.policy.AccessPolicy;
import dev.sallyport.policy.AccessRequest;
import dev.sallyport.policy.Circumstances;
import dev.sallyport.policy.Decision;
import dev.sallyport.policy.RoleSet;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What one decision costs a user with 50 roles of which the last allows. `decide` is what an agent
/// does for a connection whose roles it has read before; `readRolesAndDecide` is what it does after
/// a role changed.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PolicyBench {
  private static final int ROLES = 50;
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Database database =
      new Database(
          Metadata.named("orders").withLabels(Map.of("env", "dev", "team", "blue")),
          "dynamodb",
          Optional.empty(),
          DatabaseAws.of("us-east-1", "123456789012"),
          DatabaseTls.SYSTEM);
  private final List<Role> roles = roles();
  private final VerifiedUser user = user();
  private final RoleSet read = new RoleSet(roles, List.of());
  private final AccessPolicy policy = new AccessPolicy();

  @Benchmark
  public Decision decide() {
    return policy.decide(request(read));
  }

  @Benchmark
  public Decision readRolesAndDecide() {
    return policy.decide(request(new RoleSet(roles, List.of())));
  }

  private AccessRequest request(RoleSet set) {
    return new AccessRequest(user, set, database, "Reader", Circumstances.PLAIN, NOW);
  }

  private static List<Role> roles() {
    var roles = new ArrayList<Role>();
    for (int i = 1; i < ROLES; i++) {
      roles.add(role("role-" + i, "prod-" + i + "*", "^(prod|stage)-" + i + "$", "Writer" + i));
    }
    roles.add(role("last", "d*", "^(blue|red)$", "Reader"));
    return roles;
  }

  private static Role role(String name, String env, String team, String dbUser) {
    var labels = Map.of("env", List.of(env), "team", List.of(team, "green"));
    var allow =
        new RoleConditions(
            new LabelSelector(labels),
            Optional.of("contains(user.spec.traits[\"team\"], labels[\"team\"])"),
            List.of("{{internal.db_users}}", "role/" + dbUser),
            List.of(),
            Map.of());
    var deny =
        new RoleConditions(
            new LabelSelector(Map.of("env", List.of("secret"))), List.of("Admin"), List.of());
    return new Role(Metadata.named(name), "v7", RoleOptions.DEFAULT, allow, deny);
  }

  private VerifiedUser user() {
    var names = IntStream.range(1, ROLES).mapToObj(i -> "role-" + i).toList();
    var route =
        new Route(database.name(), database.protocol(), "Reader", Optional.empty(), "session");
    var identity =
        new UserIdentity(
            "example.com",
            "alice",
            names,
            Map.of("team", List.of("blue"), "db_users", List.of("Nobody")),
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            Optional.of(route));
    var clock = InstantSource.fixed(NOW);
    var authority =
        CertificateAuthority.create(CaKind.USER, "example.com", clock, new SecureRandom());
    var certificate =
        authority.issueUser(
            identity, KeyPairs.generate().getPublic(), NOW.plus(Duration.ofHours(8)));
    var verifier =
        new IdentityVerifier(
            () -> new TrustBundle("example.com", List.of(authority.certificate()), List.of()),
            clock);
    return switch (verifier.user(List.of(certificate))) {
      case Verification.Verified<VerifiedUser>(VerifiedUser verified) -> verified;
      case Verification.Refused<VerifiedUser>(String reason) ->
          throw new IllegalStateException(reason);
    };
  }
}
