package dev.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.policy.language.LabelPattern;
import dev.sallyport.policy.language.TraitTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {
  private static boolean matches(Map<String, List<String>> wanted, Map<String, String> labels) {
    return new LabelMatch(new LabelSelector(wanted), false).matches(labels, Map.of());
  }

  @Test
  void nothing_wanted_chooses_nothing_and_a_star_for_a_star_chooses_all() {
    assertThat(matches(Map.of(), Map.of("env", "dev"))).isFalse();
    assertThat(matches(Map.of("*", List.of("*")), Map.of())).isTrue();
    assertThat(matches(Map.of("*", List.of("*"), "env", List.of("x")), Map.of())).isTrue();
    assertThat(matches(Map.of("*", List.of("dev")), Map.of("env", "dev"))).isFalse();
  }

  @Test
  void every_key_must_be_there_with_one_of_its_values() {
    var wanted = Map.of("env", List.of("dev", "test"), "team", List.of("*"));
    assertThat(matches(wanted, Map.of("env", "test", "team", "x", "other", "y"))).isTrue();
    assertThat(matches(wanted, Map.of("env", "test"))).isFalse();
    assertThat(matches(wanted, Map.of("env", "prod", "team", "x"))).isFalse();
    assertThat(matches(Map.of("env", List.of()), Map.of("env", "dev"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "dev~dev~true",
        "dev~DEV~false",
        "dev*~development~true",
        "*prod~preprod~true",
        "*prod~prod-1~false",
        "a*b*c~aXbYc~true",
        "a*b*c~acb~false",
        "a.c~abc~false",
        "a?*~ab~false",
        "^dev~dev~false",
        "^dev$~dev~true",
        "^dev$~devil~false",
        "^(dev|test)-[0-9]+$~dev-12~true",
        "^(dev|test)-[0-9]+$~prod-12~false",
        "^dev|prod$~xprod~false",
        "^a.c$~abc~true",
        "^(?m)dev$~dev~true"
      })
  void values_are_text_globs_or_regular_expressions_over_the_whole_label(
      String pattern, String value, boolean expected) {
    assertThat(matches(Map.of("env", List.of(pattern)), Map.of("env", value))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"^dev$", "^(?m)dev$", "dev"})
  void a_new_line_does_not_end_a_label(String pattern) {
    assertThat(matches(Map.of("env", List.of(pattern)), Map.of("env", "dev\nprod"))).isFalse();
    assertThat(matches(Map.of("env", List.of(pattern)), Map.of("env", "dev\n"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"^($", "^[$", "^(?<x$", "^a{1001}$", "^((a{100}){100}){100}$", "^\\1$"})
  void an_expression_that_can_not_be_used_allows_nothing_denies_all_and_is_found_before(
      String pattern) {
    var selector = new LabelSelector(Map.of("env", List.of(pattern)));
    var labels = Map.of("env", "dev");
    assertThat(new LabelMatch(selector, false).matches(labels, Map.of())).isFalse();
    assertThat(new LabelMatch(selector, true).matches(labels, Map.of())).isTrue();
    var role =
        Users.role("r", new RoleConditions(selector, List.of(), List.of()), RoleConditions.NONE);
    assertThat(RoleReview.faults(role))
        .singleElement()
        .asString()
        .startsWith("spec.allow.db_labels: ");
  }

  @Test
  void patterns_that_are_slow_elsewhere_take_no_time() {
    var value = "a".repeat(20_000) + "!";
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (var pattern :
              List.of("^(a+)+$", "^(a|a)*$", "^(.*a){20}$", "*a".repeat(50) + "*b", "^(a*)*b$")) {
            assertThat(matches(Map.of("env", List.of(pattern)), Map.of("env", value))).isFalse();
          }
        });
  }

  @Test
  void globs_agree_with_a_regular_expression_of_the_jdk() {
    var random = new Random(13);
    for (int i = 0; i < 20_000; i++) {
      var glob = text(random, "ab*");
      var value = text(random, "ab");
      var regex = new StringBuilder();
      glob.chars().forEach(c -> regex.append(c == '*' ? ".*" : String.valueOf((char) c)));
      assertThat(new LabelPattern.Glob(glob).matches(value))
          .as("%s on %s", glob, value)
          .isEqualTo(Pattern.matches(regex.toString(), value));
    }
  }

  private static String text(Random random, String alphabet) {
    var text = new StringBuilder();
    for (int n = random.nextInt(8); n > 0; n--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @Test
  void random_values_of_roles_never_break_the_match() {
    var random = new Random(17);
    for (int i = 0; i < 20_000; i++) {
      var pattern = text(random, "^$()[]{}*+?|\\a1,.<:");
      matches(Map.of("env", List.of("^" + pattern + "$", pattern)), Map.of("env", "a1"));
      TraitTemplate.parse("{{" + pattern + "}}");
    }
  }
}
