package dev.sallyport.policy;

import static dev.sallyport.policy.Users.allowing;
import static dev.sallyport.policy.Users.database;
import static dev.sallyport.policy.Users.decide;
import static dev.sallyport.policy.Users.role;
import static dev.sallyport.policy.Users.roles;
import static dev.sallyport.policy.Users.side;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Database;
import dev.sallyport.model.LockingMode;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.policy.MergedOptions.SessionMfa;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What roles give, as tables: one row a case. Cells that differ from Teleport's are listed in
/// docs/compatibility.md.
class AccessTablesTest {
  private static final Map<String, List<String>> ALL = Map.of("*", List.of("*"));
  private static final Database DATABASE = database("us-east-1", Map.of("env", "dev"));
  private static final String HERE = "arn:aws:iam::123456789012:role/Reader";
  private static final String ELSEWHERE = "arn:aws:iam::210987654321:role/Reader";

  private static String spelled(String word) {
    return switch (word) {
      case "HERE" -> HERE;
      case "ELSEWHERE" -> ELSEWHERE;
      default -> word;
    };
  }

  /// What is asked for: by name, with `role/`, as an ARN of the database's account, of another one.
  private static String answers(Role... roles) {
    return List.of("Reader", "role/Reader", HERE, ELSEWHERE).stream()
        .map(asked -> decide(roles(roles), Map.of(), DATABASE, asked))
        .map(decision -> decision instanceof Permit ? "yes" : "no")
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "Reader, yes yes yes no",
    "role/Reader, yes yes yes no",
    "HERE, yes yes yes no",
    "ELSEWHERE, no no no no",
    "*, yes yes yes no",
    // No globs, no expressions, and case counts.
    "Read*, no no no no",
    "^Reader$, no no no no",
    "reader, no no no no",
    "path/Reader, no no no no",
    "Writer, no no no no"
  })
  void database_users_that_are_allowed(String written, String expected) {
    var word = spelled(written);
    assertThat(answers(allowing("r", ALL, word))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Reader, no no no no",
    "role/Reader, no no no no",
    "HERE, no no no no",
    "ELSEWHERE, yes yes yes no",
    "*, no no no no",
    "Read*, yes yes yes no",
    "reader, no no no no",
    "path/Reader, no no no no",
    "Writer, yes yes yes no"
  })
  void database_users_that_are_denied_to_who_may_be_anybody(String written, String expected) {
    var word = spelled(written);
    // The labels of the denial choose another database: its users are denied everywhere.
    var deny = role("d", RoleConditions.NONE, side(Map.of("env", List.of("other")), List.of(word)));
    assertThat(answers(allowing("r", ALL, "*"), deny)).isEqualTo(expected);
  }

  private static Map<String, List<String>> selector(String text) {
    return text.isEmpty()
        ? Map.of()
        : Arrays.stream(text.split(";"))
            .map(pair -> pair.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> List.of(pair[1].split("\\|", -1))));
  }

  private static Map<String, String> labels(String text) {
    return selector(text).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getFirst()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "~~, ~~, no",
        "~~, env=dev, no",
        "*=*, ~~, yes",
        "*=*, env=dev, yes",
        "*=*;env=prod, env=dev, yes",
        "*=dev, env=dev, no",
        "env=dev, env=dev, yes",
        "env=dev, env=Dev, no",
        "env=dev, Env=dev, no",
        "env=dev, ~~, no",
        "env=dev;team=a, env=dev, no",
        "env=dev;team=a, env=dev;team=a, yes",
        "env=dev|test, env=test, yes",
        "env=dev|test, env=prod, no",
        "env=*, env=dev, yes",
        "env=*, team=a, no",
        "env=*, env=, yes",
        // A label that is there and empty is not one that is absent.
        "env=, env=, yes",
        "env=, team=a, no",
        "env=d*v, env=dev, yes",
        "env=d*v, env=deva, no",
        "env=^d.v$, env=dev, yes",
        "env=^d.v$, env=devil, no",
        "env=^d, env=dev, no"
      })
  void labels_that_a_role_asks_for(String wanted, String has, String expected) {
    var here = database("us-east-1", labels(has));
    var allow = allowing("r", selector(wanted), "R");
    var deny = role("d", RoleConditions.NONE, side(selector(wanted), List.of()));
    var allowed = decide(roles(allow), Map.of(), here, "R") instanceof Permit;
    assertThat(allowed).isEqualTo(expected.equals("yes"));
    var denied =
        decide(roles(allowing("r", ALL, "R"), deny), Map.of(), here, "R") instanceof Denial;
    assertThat(denied).isEqualTo(expected.equals("yes"));
  }

  /// A trait that the user lacks, or has as an empty text, is no value: it chooses no database,
  /// with or without the label.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {"none, env=", "none, team=a", "~~, env=", "~~, team=a", "dev, env="})
  void a_trait_without_a_value_chooses_nothing(String trait, String has) {
    Map<String, List<String>> traits =
        trait.equals("none") ? Map.of() : Map.of("env", List.of(trait));
    var allow = allowing("r", Map.of("env", List.of("{{external.env}}")), "R");
    assertThat(decide(roles(allow), traits, database("us-east-1", labels(has)), "R"))
        .isInstanceOf(Denial.class);
  }

  private static RoleConditions expressing(Map<String, List<String>> labels, String expression) {
    var plain = side(labels, List.of("R"));
    return new RoleConditions(
        plain.dbLabels(),
        expression.isEmpty() ? Optional.empty() : Optional.of(expression),
        plain.dbUsers(),
        List.of(),
        Map.of());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        // To allow, labels and expression must both choose; to deny, one of them is enough.
        "env=dev, ~~, yes, yes",
        "~~, labels.env == \"dev\", yes, yes",
        "env=dev, labels.env == \"dev\", yes, yes",
        "env=prod, labels.env == \"dev\", no, yes",
        "env=dev, labels.env == \"prod\", no, yes",
        "env=prod, labels.env == \"prod\", no, no",
        // What can't be read allows nothing and denies everything.
        "env=dev, labels.env ==, no, yes",
        "env=prod, labels.env ==, no, yes"
      })
  void labels_and_an_expression(String wanted, String expression, String allows, String denies) {
    var said = expressing(selector(wanted), expression);
    var allow = role("a", said, RoleConditions.NONE);
    assertThat(decide(roles(allow), Map.of(), DATABASE, "R") instanceof Permit)
        .isEqualTo(allows.equals("yes"));
    var bare =
        new RoleConditions(
            said.dbLabels(), said.dbLabelsExpression(), List.of(), List.of(), Map.of());
    var deny = role("d", RoleConditions.NONE, bare);
    assertThat(
            decide(roles(allowing("all", ALL, "R"), deny), Map.of(), DATABASE, "R")
                instanceof Denial)
        .isEqualTo(denies.equals("yes"));
  }

  private static Role with(
      Duration ttl, Duration idle, boolean flags, Optional<LockingMode> lock, int connections) {
    var some = Optional.of(idle).filter(Duration::isPositive);
    var options =
        new RoleOptions(ttl, some, flags, flags, some, lock, connections, false, false, Map.of());
    return new Role(Metadata.named("r"), "v7", options, RoleConditions.NONE, RoleConditions.NONE);
  }

  private static Optional<LockingMode> mode(String name) {
    return name.equals("-") ? Optional.empty() : Optional.of(LockingMode.valueOf(name));
  }

  @ParameterizedTest
  @CsvSource({
    // hours, idle minutes, flags, lock, connections: of one role, of another, of both
    "8 0 false - 0, 4 0 false - 0, 4 0 false NEVER - 0",
    "8 10 true - 5, 8 0 false - 0, 8 10 true BY_ROLE - 5",
    "8 10 true - 5, 8 5 true - 9, 8 5 true ALWAYS - 5",
    "8 0 false STRICT 0, 8 0 false BEST_EFFORT 0, 8 0 false NEVER STRICT 0",
    "8 0 false BEST_EFFORT 0, 8 0 false - 0, 8 0 false NEVER BEST_EFFORT 0",
    "99 0 false - 0, 99 0 false - 0, 30 0 false NEVER - 0"
  })
  void options_of_two_roles(String one, String other, String both) {
    var merged = MergedOptions.of(List.of(parse(one), parse(other)));
    assertThat(MergedOptions.of(List.of(parse(other), parse(one)))).isEqualTo(merged);
    var expected = both.split(" ");
    var idle = Optional.of(minutes(expected[1])).filter(Duration::isPositive);
    assertThat(merged)
        .isEqualTo(
            new MergedOptions(
                Duration.ofHours(Integer.parseInt(expected[0])),
                idle,
                Boolean.parseBoolean(expected[2]),
                SessionMfa.valueOf(expected[3]),
                idle,
                mode(expected[4]),
                Integer.parseInt(expected[5])));
  }

  private static Role parse(String text) {
    var parts = text.split(" ");
    return with(
        Duration.ofHours(Integer.parseInt(parts[0])),
        minutes(parts[1]),
        Boolean.parseBoolean(parts[2]),
        mode(parts[3]),
        Integer.parseInt(parts[4]));
  }

  private static Duration minutes(String text) {
    return Duration.ofMinutes(Integer.parseInt(text));
  }

  /// Whoever is asked first answers: a lock, then the cluster's second factor, then a role that is
  /// gone, then denials, then what allows.
  @Test
  void what_is_looked_at_first_is_told() {
    var gone = new RoleSet(List.of(denyingAll(), allowing("r", ALL, "*")), List.of("gone"));
    var there = roles(denyingAll(), allowing("r", ALL, "*"));
    var plain = Circumstances.PLAIN;
    var mfa = plain.withMfaRequired(true);
    var locked = mfa.withLock(Optional.of("locked"));
    assertThat(code(gone, locked)).isEqualTo(Denial.Code.LOCKED);
    assertThat(code(gone, mfa)).isEqualTo(Denial.Code.MFA_REQUIRED);
    assertThat(code(gone, plain)).isEqualTo(Denial.Code.MISSING_ROLE);
    assertThat(code(there, plain)).isEqualTo(Denial.Code.EXPLICIT_DENY);
    var needing = roles(Users.needingMfa(allowing("r", ALL, "R")));
    assertThat(code(needing, plain)).isEqualTo(Denial.Code.MFA_REQUIRED);
  }

  private static Role denyingAll() {
    return role("d", RoleConditions.NONE, side(ALL, List.of()));
  }

  private static Denial.Code code(RoleSet roles, Circumstances circumstances) {
    var user = Users.verified(Users.identity(List.of(), Map.of(), Users.route(DATABASE, "R")));
    var request = new AccessRequest(user, roles, DATABASE, "R", circumstances, Users.NOW);
    return ((Denial) new AccessPolicy().decide(request)).code();
  }
}
