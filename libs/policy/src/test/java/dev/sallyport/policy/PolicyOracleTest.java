package dev.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Database;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.VerifiedUser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The policy against a second one that is slow and plainly right: it writes out every name that
/// the small world of this test knows and looks for pairs.
class PolicyOracleTest {
  private static final String HERE = "arn:aws:iam::" + Users.ACCOUNT + ":role/";
  private static final List<String> ENTRIES =
      List.of(
          "A",
          "a",
          "B",
          "role/A",
          "p/A",
          "role/p/A",
          HERE + "A",
          HERE + "B",
          HERE + "p/A",
          "arn:aws:iam::210987654321:role/A",
          "arn:aws-cn:iam::" + Users.ACCOUNT + ":role/A",
          "arn:aws:iam::" + Users.ACCOUNT + ":user/A",
          "*",
          "A*",
          "not a name",
          "{{internal.db_users}}",
          "{{external.claim}}",
          "p/{{external.claim}}",
          "{{email.local(external.email)}}",
          "{{regexp.replace(external.claim, \"^A$\", \"B\")}}");

  /// Some expressions; the second policy knows by heart what they mean.
  private static final List<String> EXPRESSIONS =
      List.of(
          "labels[\"env\"] == \"dev\"",
          "labels[\"env\"] != \"dev\"",
          "contains(user.spec.traits[\"env\"], labels[\"env\"])",
          "contains(email.local(user.spec.traits[\"email\"]), \"A\")",
          "labels[");

  /// What each entry means without a template: the ARN's end after `role/`, or nothing.
  private static final Map<String, String> MEANING =
      Map.ofEntries(
          Map.entry("A", "A"),
          Map.entry("a", "a"),
          Map.entry("B", "B"),
          Map.entry("role/A", "A"),
          Map.entry("p/A", "p/A"),
          Map.entry("p/B", "p/B"),
          Map.entry("p/a", "p/a"),
          Map.entry("role/p/A", "p/A"),
          Map.entry(HERE + "A", "A"),
          Map.entry(HERE + "B", "B"),
          Map.entry(HERE + "p/A", "p/A"));

  private static final List<String> VALUES =
      List.of("dev", "prod", "*", "d*", "^(dev|test)$", "^[$", "{{external.env}}", "");
  private static final List<String> KEYS = List.of("env", "team", "*");

  private final Random random = new Random(23);

  @Test
  void both_always_agree() {
    var known = Stream.generate(this::traits).limit(16).toList();
    int permits = 0;
    for (int i = 0; i < 4_000; i++) {
      var database = Users.database("us-east-1", labels());
      var traits = pick(known);
      var set = new RoleSet(roles(), random.nextInt(25) == 0 ? List.of("gone") : List.of());
      var asked = pick(ENTRIES.subList(0, 15));
      var circumstances =
          Circumstances.PLAIN
              .withMfaVerified(random.nextBoolean())
              .withMfaRequired(random.nextInt(20) == 0);
      var decision = decide(set, traits, database, asked, circumstances);
      var expected =
          permits(set, traits, database, asked)
              && hasFactor(set, traits, database, asked, circumstances);
      assertThat(decision instanceof Permit)
          .as("%s as %s by %s with %s", database, asked, set, traits)
          .isEqualTo(expected);
      permits += expected ? 1 : 0;
      if (decision instanceof Denial denial) {
        assertThat(denial.message())
            .startsWith(
                denial.code() == Denial.Code.MFA_REQUIRED
                    ? "access to resource requires MFA"
                    : "access to db denied.");
        assertThat(denial.reasons()).isNotEmpty();
      }
      explanationAgrees(set, traits, database, asked, circumstances, decision);
      listingAgrees(set, traits, database);
    }
    assertThat(permits).isBetween(120, 3_800);
  }

  private void listingAgrees(RoleSet set, Map<String, List<String>> traits, Database database) {
    var identity = Users.identity(List.of(), traits, Optional.empty());
    var listing = new DatabaseListing(identity, set);
    var users = listing.allowedUsers(database);
    for (var name : users.allowed()) {
      assertThat(permits(set, traits, database, name)).isTrue();
      assertThat(listing.visible(database)).isTrue();
    }
    for (var name : users.denied()) {
      assertThat(permits(set, traits, database, name)).isFalse();
    }
    assertThat(users.wildcard()).isEqualTo(permits(set, traits, database, "Unheard-of"));
    for (var entry : MEANING.keySet()) {
      if (permits(set, traits, database, entry) && !users.wildcard()) {
        assertThat(users.allowed().stream().map(MEANING::get)).contains(MEANING.get(entry));
      }
    }
  }

  private static void explanationAgrees(
      RoleSet set,
      Map<String, List<String>> traits,
      Database database,
      String asked,
      Circumstances circumstances,
      Decision decision) {
    var identity = Users.identity(List.of(), traits, Optional.empty());
    var told = AccessExplainer.explain(identity, set, database, asked, circumstances);
    switch (decision) {
      case Permit permit -> {
        assertThat(told.allowed()).isTrue();
        assertThat(told.role()).contains(permit.role());
        assertThat(told.roleArn()).contains(permit.roleArn().toString());
      }
      case Denial denial -> {
        assertThat(told.allowed()).isFalse();
        assertThat(told.message()).isEqualTo(denial.message());
        assertThat(told.reasons()).isEqualTo(denial.reasons());
        assertThat(told.changes()).isNotEmpty();
      }
    }
    assertThat(told.roles()).hasSameSizeAs(set.effective());
  }

  private final Map<UserIdentity, VerifiedUser> users = new HashMap<>();

  private Decision decide(
      RoleSet set,
      Map<String, List<String>> traits,
      Database database,
      String asked,
      Circumstances circumstances) {
    var identity = Users.identity(List.of(), traits, Users.route(database, asked));
    var user = users.computeIfAbsent(identity, Users::verified);
    return new AccessPolicy()
        .decide(new AccessRequest(user, set, database, asked, circumstances, Users.NOW));
  }

  // The second policy.

  /// Every role that allows it counts, and none of them may lack the factor that it wants.
  private static boolean hasFactor(
      RoleSet set,
      Map<String, List<String>> traits,
      Database database,
      String asked,
      Circumstances circumstances) {
    if (circumstances.mfaVerified()) {
      return true;
    }
    for (var role : set.effective()) {
      var alone = new RoleSet(List.of(role), List.of());
      if (role.options().requireSessionMfa() && permits(alone, traits, database, asked)) {
        return false;
      }
    }
    return !circumstances.mfaRequired();
  }

  private static boolean permits(
      RoleSet set, Map<String, List<String>> traits, Database database, String asked) {
    var meant = asked.equals("Unheard-of") ? asked : MEANING.get(asked);
    if (!set.missing().isEmpty() || meant == null) {
      return false;
    }
    for (var role : set.effective()) {
      if (labels(role.deny(), traits, database, true)) {
        return false;
      }
      for (var name : names(role.deny(), traits, true)) {
        if (name.equals("*") || lastPart(name).equals(lastPart(meant))) {
          return false;
        }
      }
    }
    for (var role : set.effective()) {
      var names = names(role.allow(), traits, false);
      if (labels(role.allow(), traits, database, false)
          && (names.contains("*") || names.contains(meant))) {
        return true;
      }
    }
    return false;
  }

  private static String lastPart(String name) {
    var parts = name.toLowerCase(Locale.ROOT).split("/");
    return parts[parts.length - 1];
  }

  /// Every role, after its path, that one side of a role names; `*` for all.
  private static Set<String> names(
      RoleConditions side, Map<String, List<String>> traits, boolean deny) {
    var names = new TreeSet<String>();
    for (var entry : side.dbUsers()) {
      var spelled = new ArrayList<String>();
      switch (entry) {
        case "{{internal.db_users}}" -> spelled.addAll(traits.getOrDefault("db_users", List.of()));
        case "{{external.claim}}" -> {
          spelled.addAll(traits.getOrDefault("claim", List.of()));
          if (!deny) {
            spelled.remove("*");
          }
        }
        case "{{email.local(external.email)}}" -> {
          var addresses = traits.getOrDefault("email", List.of());
          if (addresses.contains("nobody")) {
            spelled.addAll(deny ? List.of("*") : List.of());
          } else {
            addresses.forEach(address -> spelled.add(address.replace("@x", "")));
          }
        }
        case "{{regexp.replace(external.claim, \"^A$\", \"B\")}}" ->
            spelled.addAll(
                traits.getOrDefault("claim", List.of()).contains("A") ? List.of("B") : List.of());
        case "p/{{external.claim}}" ->
            traits.getOrDefault("claim", List.of()).forEach(c -> spelled.add("p/" + c));
        default -> spelled.add(entry);
      }
      for (var one : spelled) {
        if (one.equals("*")) {
          names.add("*");
        } else if (MEANING.containsKey(one)) {
          names.add(MEANING.get(one));
        }
      }
    }
    return names;
  }

  private static boolean labels(
      RoleConditions side, Map<String, List<String>> traits, Database database, boolean deny) {
    var byLabels = selector(side, traits, database, deny);
    if (side.dbLabelsExpression().isEmpty()) {
      return byLabels;
    }
    var byExpression = expression(side.dbLabelsExpression().get(), traits, database, deny);
    if (deny) {
      return byLabels || byExpression;
    }
    return byExpression && (byLabels || side.dbLabels().isEmpty());
  }

  private static boolean expression(
      String source, Map<String, List<String>> traits, Database database, boolean deny) {
    var env = database.labels().values().getOrDefault("env", "");
    var addresses = traits.getOrDefault("email", List.of());
    return switch (EXPRESSIONS.indexOf(source)) {
      case 0 -> env.equals("dev");
      case 1 -> !env.equals("dev");
      case 2 -> traits.getOrDefault("env", List.of()).contains(env);
      case 3 -> addresses.contains("nobody") ? deny : addresses.contains("A@x");
      default -> deny;
    };
  }

  private static boolean selector(
      RoleConditions side, Map<String, List<String>> traits, Database database, boolean deny) {
    var wanted = side.dbLabels().values();
    if (wanted.isEmpty()) {
      return false;
    }
    if (wanted.containsKey("*") && wanted.get("*").contains("*")) {
      return true;
    }
    for (var key : wanted.keySet()) {
      var value = database.labels().values().get(key);
      boolean found = false;
      for (var pattern : wanted.get(key)) {
        found |= value != null && value(pattern, value, traits, deny);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private static boolean value(
      String pattern, String value, Map<String, List<String>> traits, boolean deny) {
    return switch (pattern) {
      case "*" -> true;
      case "d*" -> value.startsWith("d");
      case "^(dev|test)$" -> Pattern.matches("dev|test", value);
      case "^[$" -> deny;
      case "{{external.env}}" ->
          traits.getOrDefault("env", List.of()).contains(value)
              || (deny && traits.getOrDefault("env", List.of()).contains("*"));
      default -> pattern.equals(value);
    };
  }

  // The small world.

  private List<Role> roles() {
    var roles = new ArrayList<Role>();
    for (int i = random.nextInt(4); i > 0; i--) {
      var deny =
          random.nextInt(3) == 0
              ? side(random.nextBoolean() ? Map.of() : selector())
              : RoleConditions.NONE;
      var role = Users.role("r" + i, side(selector()), deny);
      roles.add(random.nextInt(6) == 0 ? Users.needingMfa(role) : role);
    }
    return roles;
  }

  private RoleConditions side(Map<String, List<String>> labels) {
    var expression =
        random.nextInt(4) == 0 ? Optional.of(pick(EXPRESSIONS)) : Optional.<String>empty();
    return new RoleConditions(
        new LabelSelector(labels), expression, entries(), List.of(), Map.of());
  }

  private List<String> entries() {
    var entries = new ArrayList<String>();
    for (int i = random.nextInt(4); i > 0; i--) {
      entries.add(pick(ENTRIES));
    }
    return entries;
  }

  private Map<String, List<String>> selector() {
    if (random.nextInt(3) == 0) {
      return Map.of("*", List.of("*"));
    }
    var selector = new LinkedHashMap<String, List<String>>();
    for (int i = random.nextInt(3); i > 0; i--) {
      selector.put(pick(KEYS), List.of(pick(VALUES), pick(VALUES)));
    }
    return selector;
  }

  private Map<String, String> labels() {
    var labels = new LinkedHashMap<String, String>();
    for (int i = random.nextInt(3); i > 0; i--) {
      labels.put(pick(KEYS.subList(0, 2)), pick(List.of("dev", "prod", "test", "")));
    }
    return labels;
  }

  private Map<String, List<String>> traits() {
    var traits = new LinkedHashMap<String, List<String>>();
    for (var name : List.of("db_users", "claim")) {
      if (random.nextBoolean()) {
        traits.put(name, List.of(pick(List.of("A", "B", "*")), pick(List.of("a", HERE + "A"))));
      }
    }
    if (random.nextBoolean()) {
      traits.put("email", List.of(pick(List.of("A@x", "B@x", "nobody"))));
    }
    if (random.nextBoolean()) {
      traits.put("env", List.of(pick(List.of("dev", "prod", "*"))));
    }
    return traits;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
