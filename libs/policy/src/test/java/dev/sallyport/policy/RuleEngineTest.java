package dev.sallyport.policy;

import static dev.sallyport.policy.Users.role;
import static dev.sallyport.policy.Users.roles;
import static dev.sallyport.policy.Users.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Kind;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.Rule;
import dev.sallyport.model.UserIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RuleEngineTest {
  private static final UserIdentity ALICE =
      Users.identity(List.of("r"), Map.of("team", List.of("blue")), Optional.empty());

  private static boolean allows(RoleSet roles, Kind kind, Verb verb) {
    return allows(roles, kind.wireName(), verb);
  }

  private static boolean allows(RoleSet roles, String kind, Verb verb) {
    return RuleEngine.allows(roles, ALICE, verb, RuleTarget.ofKind(kind));
  }

  private static RoleSet allowing(Rule... rules) {
    return roles(role("r", rules(rules), RoleConditions.NONE));
  }

  private static Rule rule(String resource, String... verbs) {
    return Rule.of(List.of(resource), List.of(verbs));
  }

  @Test
  void only_what_a_rule_names_is_allowed() {
    var roles = allowing(rule("role", "list", "read"));
    assertThat(allows(roles, Kind.ROLE, Verb.READ)).isTrue();
    assertThat(allows(roles, Kind.ROLE, Verb.UPDATE)).isFalse();
    assertThat(allows(roles, Kind.USER, Verb.READ)).isFalse();
    assertThat(allows(roles(), Kind.ROLE, Verb.READ)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  void stars_stand_for_every_resource_and_every_verb(Verb verb) {
    assertThat(allows(allowing(rule("*", "*")), "anything", verb)).isTrue();
    assertThat(allows(allowing(rule("token", "*")), Kind.TOKEN, verb)).isTrue();
    assertThat(allows(allowing(rule("token", "*")), Kind.ROLE, verb)).isFalse();
  }

  @Test
  void a_rule_that_denies_wins_over_every_role() {
    var deny = role("d", RoleConditions.NONE, rules(rule("token", "delete")));
    var roles = roles(role("a", rules(rule("*", "*")), RoleConditions.NONE), deny);
    assertThat(allows(roles, Kind.TOKEN, Verb.DELETE)).isFalse();
    assertThat(allows(roles, Kind.TOKEN, Verb.LIST)).isTrue();
  }

  @Test
  void a_condition_is_not_evaluated_so_it_never_allows_and_always_denies() {
    var conditional = new Rule(List.of("role"), List.of("read"), Optional.of("equals(1, 1)"));
    assertThat(allows(allowing(conditional), Kind.ROLE, Verb.READ)).isFalse();
    var never = new Rule(List.of("role"), List.of("read"), Optional.of("equals(1, 2)"));
    var roles = roles(role("a", rules(rule("*", "*")), rules(never)));
    assertThat(allows(roles, Kind.ROLE, Verb.READ)).isFalse();
  }

  @Test
  void a_condition_on_traits_and_roles_must_hold_for_the_certificate_and_for_now() {
    var blue = "contains(user.spec.traits[\"team\"], \"blue\")";
    var notRed = "!contains_any(user.spec.traits[\"team\"], set(\"red\", \"pink\"))";
    assertThat(afterwards(blue, List.of("r"), List.of("blue", "red"))).isTrue();
    assertThat(afterwards(blue, List.of("r"), List.of())).isFalse();
    assertThat(afterwards(notRed, List.of("r"), List.of("green"))).isTrue();
    assertThat(afterwards(notRed, List.of("r"), List.of("red"))).isFalse();
    var boss = "contains(user.spec.roles, \"boss\")";
    assertThat(afterwards(boss, List.of("r", "boss"), List.of())).isTrue();
    assertThat(afterwards(boss, List.of("r"), List.of())).isFalse();
  }

  /// For one who signed in with the roles `r` and `boss`, in the team `blue`, and has others now.
  private static boolean afterwards(String where, List<String> roles, List<String> teams) {
    var bob =
        Users.identity(List.of("r", "boss"), Map.of("team", List.of("blue")), Optional.empty());
    var rule = new Rule(List.of("role"), List.of("read"), Optional.of(where));
    var known = role("r", rules(rule), RoleConditions.NONE);
    var has = new UserRights(roles, Map.of("team", teams));
    var set = RoleSet.effective(bob, Optional.of(has), name -> Optional.of(known));
    var allowed = RuleEngine.allows(set, bob, Verb.READ, RuleTarget.ofKind(Kind.ROLE));
    assertThat(RuleEngine.allowsSome(set, bob, Verb.READ, "role")).isEqualTo(allowed);
    return allowed;
  }

  @Test
  void reading_holds_reading_without_secrets_and_not_the_other_way() {
    var read = allowing(rule("cert_authority", "read"));
    var bare = allowing(rule("cert_authority", "readnosecrets"));
    assertThat(allows(read, Kind.CERT_AUTHORITY, Verb.READ_NO_SECRETS)).isTrue();
    assertThat(allows(bare, Kind.CERT_AUTHORITY, Verb.READ)).isFalse();
    var denied = roles(role("a", rules(rule("*", "*")), rules(rule("*", "readnosecrets"))));
    assertThat(allows(denied, Kind.CERT_AUTHORITY, Verb.READ)).isFalse();
  }

  @Test
  void connectors_have_a_name_in_common() {
    var roles = allowing(rule("auth_connector", "read"));
    assertThat(allows(roles, "github", Verb.READ)).isTrue();
    assertThat(allows(roles, "role", Verb.READ)).isFalse();
  }

  @Test
  void a_role_that_is_gone_allows_nothing() {
    var roles = new RoleSet(allowing(rule("*", "*")).effective(), List.of("gone"));
    assertThat(allows(roles, Kind.ROLE, Verb.READ)).isFalse();
  }

  @Test
  void the_refusal_names_verb_and_resource() {
    assertThat(RuleEngine.refusal("role", Verb.CREATE))
        .isEqualTo("access denied to perform action \"create\" on \"role\"");
  }

  private static Rule where(String resource, String condition, String... verbs) {
    return new Rule(List.of(resource), List.of(verbs), Optional.of(condition));
  }

  private static boolean reads(RoleSet roles, String name, Map<String, String> labels) {
    var thing = new RuleTarget.Thing(name, labels, Optional.empty());
    var target = new RuleTarget("role", Optional.of(thing));
    return RuleEngine.allows(roles, ALICE, Verb.READ, target);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\'',
      value = {
        "equals(resource.metadata.name, \"dev\")~true",
        "resource.metadata.name == \"prod\"~false",
        "!equals(resource.metadata.name, \"prod\")~true",
        "equals(resource.metadata.labels[\"env\"], \"x\")~true",
        "equals(resource.metadata.labels[\"none\"], \"\")~true",
        "contains(user.spec.traits[\"team\"], \"blue\")~true",
        "contains(user.spec.traits[\"team\"], \"red\") || equals(user.metadata.name,"
            + " \"alice\")~true",
        "contains(user.spec.roles, \"r\") && resource.kind == \"role\"~true",
        "contains(user.spec.roles, \"r\") && resource.kind == \"user\"~false",
        "contains(session.participants, user.metadata.name)~false",
        "equals(resource.metadata.name~false",
        "equals(resource.spec.name, \"dev\")~false",
        "user.metadata.name~false"
      })
  void a_condition_decides_and_allows_nothing_when_it_can_not(String condition, boolean expected) {
    assertThat(reads(allowing(where("role", condition, "read")), "dev", Map.of("env", "x")))
        .isEqualTo(expected);
  }

  @Test
  void a_condition_in_a_denial_that_can_not_be_evaluated_denies() {
    for (var condition : List.of("equals(", "contains(session.participants, \"x\")")) {
      var deny = role("deny", rules(rule("role", "*")), rules(where("role", condition, "read")));
      assertThat(reads(roles(deny), "dev", Map.of())).isFalse();
    }
    var other =
        role(
            "deny",
            rules(rule("role", "*")),
            rules(where("role", "resource.metadata.name == \"prod\"", "read")));
    assertThat(reads(roles(other), "dev", Map.of())).isTrue();
    assertThat(reads(roles(other), "prod", Map.of())).isFalse();
  }

  @Test
  void a_broken_condition_ends_the_search_but_an_unknown_resource_does_not() {
    var plain = rule("role", "read");
    var broken = where("role", "email.local(user.metadata.name) == \"a\"", "read");
    assertThat(reads(allowing(plain, broken), "dev", Map.of())).isFalse();
    var asking = where("role", "resource.metadata.name == \"dev\"", "read");
    assertThat(allows(allowing(plain, asking), Kind.ROLE, Verb.READ)).isTrue();
    assertThat(allows(allowing(asking), Kind.ROLE, Verb.READ)).isFalse();
  }

  @Test
  void a_list_may_be_asked_for_when_some_entry_might_be_allowed() {
    var asking = where("role", "resource.metadata.name == \"dev\"", "list");
    assertThat(RuleEngine.allowsSome(allowing(asking), ALICE, Verb.LIST, "role")).isTrue();
    assertThat(RuleEngine.allowsSome(allowing(asking), ALICE, Verb.READ, "role")).isFalse();
    var denied = role("d", rules(rule("role", "list")), rules(asking));
    assertThat(RuleEngine.allowsSome(roles(denied), ALICE, Verb.LIST, "role")).isTrue();
    assertThat(allows(roles(denied), Kind.ROLE, Verb.LIST)).isFalse();
    var no = where("role", "user.metadata.name == \"bob\"", "list");
    assertThat(RuleEngine.allowsSome(allowing(no), ALICE, Verb.LIST, "role")).isFalse();
  }

  @Test
  void sessions_are_for_their_participants() {
    var own =
        allowing(where("session", "contains(session.participants, user.metadata.name)", "read"));
    for (var participant : List.of("alice", "bob")) {
      var target = RuleTarget.session("session", "s", List.of(participant));
      assertThat(RuleEngine.allows(own, ALICE, Verb.READ, target))
          .isEqualTo(participant.equals("alice"));
    }
  }

  @Test
  void whoever_has_a_role_may_know_the_cluster() {
    var anything = allowing();
    assertThat(allows(anything, Kind.CERT_AUTHORITY, Verb.READ_NO_SECRETS)).isTrue();
    assertThat(allows(anything, Kind.CERT_AUTHORITY, Verb.READ)).isFalse();
    assertThat(allows(anything, "cluster_auth_preference", Verb.READ)).isTrue();
    assertThat(allows(anything, "cluster_auth_preference", Verb.UPDATE)).isFalse();
    assertThat(allows(roles(), "cluster_auth_preference", Verb.READ)).isFalse();
    var deny = role("d", RoleConditions.NONE, rules(rule("*", "*")));
    assertThat(allows(roles(deny), "cluster_auth_preference", Verb.READ)).isFalse();
  }

  @Test
  void specific_rules_score_higher() {
    assertThat(RuleEngine.specificity(rule("role", "read"))).isEqualTo(2);
    assertThat(RuleEngine.specificity(rule("role", "*"))).isEqualTo(0);
    assertThat(RuleEngine.specificity(rule("*", "*"))).isEqualTo(-6);
    assertThat(RuleEngine.specificity(where("role", "true", "read"))).isEqualTo(10);
  }
}
