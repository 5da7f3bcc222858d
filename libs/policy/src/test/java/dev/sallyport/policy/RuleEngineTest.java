package dev.sallyport.policy;

import static dev.sallyport.policy.Users.role;
import static dev.sallyport.policy.Users.roles;
import static dev.sallyport.policy.Users.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Kind;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.Rule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RuleEngineTest {
  private static RoleSet allowing(Rule... rules) {
    return roles(role("r", rules(rules), RoleConditions.NONE));
  }

  private static Rule rule(String resource, String... verbs) {
    return Rule.of(List.of(resource), List.of(verbs));
  }

  @Test
  void only_what_a_rule_names_is_allowed() {
    var roles = allowing(rule("role", "list", "read"));
    assertThat(RuleEngine.allows(roles, Kind.ROLE, Verb.READ)).isTrue();
    assertThat(RuleEngine.allows(roles, Kind.ROLE, Verb.UPDATE)).isFalse();
    assertThat(RuleEngine.allows(roles, Kind.USER, Verb.READ)).isFalse();
    assertThat(RuleEngine.allows(roles(), Kind.ROLE, Verb.READ)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  void stars_stand_for_every_resource_and_every_verb(Verb verb) {
    assertThat(RuleEngine.allows(allowing(rule("*", "*")), "anything", verb)).isTrue();
    assertThat(RuleEngine.allows(allowing(rule("token", "*")), Kind.TOKEN, verb)).isTrue();
    assertThat(RuleEngine.allows(allowing(rule("token", "*")), Kind.ROLE, verb)).isFalse();
  }

  @Test
  void a_rule_that_denies_wins_over_every_role() {
    var deny = role("d", RoleConditions.NONE, rules(rule("token", "delete")));
    var roles = roles(role("a", rules(rule("*", "*")), RoleConditions.NONE), deny);
    assertThat(RuleEngine.allows(roles, Kind.TOKEN, Verb.DELETE)).isFalse();
    assertThat(RuleEngine.allows(roles, Kind.TOKEN, Verb.LIST)).isTrue();
  }

  @Test
  void a_condition_is_not_evaluated_so_it_never_allows_and_always_denies() {
    var conditional = new Rule(List.of("role"), List.of("read"), Optional.of("equals(1, 1)"));
    assertThat(RuleEngine.allows(allowing(conditional), Kind.ROLE, Verb.READ)).isFalse();
    var never = new Rule(List.of("role"), List.of("read"), Optional.of("equals(1, 2)"));
    var roles = roles(role("a", rules(rule("*", "*")), rules(never)));
    assertThat(RuleEngine.allows(roles, Kind.ROLE, Verb.READ)).isFalse();
  }

  @Test
  void reading_holds_reading_without_secrets_and_not_the_other_way() {
    var read = allowing(rule("cert_authority", "read"));
    var bare = allowing(rule("cert_authority", "readnosecrets"));
    assertThat(RuleEngine.allows(read, Kind.CERT_AUTHORITY, Verb.READ_NO_SECRETS)).isTrue();
    assertThat(RuleEngine.allows(bare, Kind.CERT_AUTHORITY, Verb.READ)).isFalse();
    var denied = roles(role("a", rules(rule("*", "*")), rules(rule("*", "readnosecrets"))));
    assertThat(RuleEngine.allows(denied, Kind.CERT_AUTHORITY, Verb.READ)).isFalse();
  }

  @Test
  void connectors_have_a_name_in_common() {
    var roles = allowing(rule("auth_connector", "read"));
    assertThat(RuleEngine.allows(roles, "github", Verb.READ)).isTrue();
    assertThat(RuleEngine.allows(roles, "role", Verb.READ)).isFalse();
  }

  @Test
  void a_role_that_is_gone_allows_nothing() {
    var roles = new RoleSet(allowing(rule("*", "*")).effective(), List.of("gone"));
    assertThat(RuleEngine.allows(roles, Kind.ROLE, Verb.READ)).isFalse();
  }

  @Test
  void the_refusal_names_verb_and_resource() {
    assertThat(RuleEngine.refusal("role", Verb.CREATE))
        .isEqualTo("access denied to perform action \"create\" on \"role\"");
  }
}
