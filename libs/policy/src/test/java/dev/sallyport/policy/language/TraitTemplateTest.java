package dev.sallyport.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraitTemplateTest {
  private static final Map<String, List<String>> TRAITS =
      Map.of(
          "db_users", List.of("Reader", "", "Writer"),
          "team", List.of("blue"),
          "a claim: x", List.of("odd"),
          "email", List.of("alice@example.com", "bob@example.com"),
          "groups", List.of("db-red", "other"));

  private static List<String> expand(String text) throws Undecided {
    return expand(text, TRAITS);
  }

  private static List<String> expand(String text, Map<String, List<String>> traits)
      throws Undecided {
    return switch (TraitTemplate.parse(text)) {
      case TraitTemplate.Plain(String plain) -> List.of(plain);
      case TraitTemplate.Trait trait -> trait.expand(traits);
      case TraitTemplate.Unreadable(String problem) -> List.of("! " + problem);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"^db-(.*)$", "^(?m)db-(.*)$", "^(?m)db-.*|x$"})
  void a_pattern_that_is_written_whole_matches_a_whole_value(String regex) throws Undecided {
    var text = "{{regexp.replace(external.groups, \"" + regex + "\", \"IAM\")}}";
    for (var value : List.of("db-red\nprod", "prod\ndb-red", "db-red\n", "xdb-red", "?x=db-red")) {
      assertThat(expand(text, Map.of("groups", List.of(value)))).as(value).isEmpty();
    }
    assertThat(expand(text, Map.of("groups", List.of("db-red")))).containsExactly("IAM");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\'',
      value = {
        "plain~plain",
        "{{internal.db_users}}~Reader,Writer",
        "{{ internal.db_users }}~Reader,Writer",
        "IAM_{{external.team}}_rw~IAM_blue_rw",
        "{{external[\"a claim: x\"]}}~odd",
        "{{external.none}}~''",
        "p/{{email.local(external.email)}}~p/alice,p/bob",
        "{{email.local(external[\"email\"])}}~alice,bob",
        "{{regexp.replace(external.groups, \"^db-(.*)$\", \"IAM_$1\")}}~IAM_red",
        "{{regexp.replace(external.groups, \"db-\", \"\")}}~red",
        "{{strings.upper(external.team)}}~BLUE",
        "{{strings.lower(strings.upper(external.team))}}~blue"
      })
  void values_stand_for_traits(String text, String expected) throws Undecided {
    assertThat(String.join(",", expand(text))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\'',
      value = {
        "{{internal.nothing}}~unsupported variable \"nothing\"",
        "{{internal[\"x\"]}}~unsupported variable \"x\"",
        "{{email.local(internal.x)}}~unsupported variable \"x\"",
        "{{external}}~is no template that is known",
        "{{trait.x}}~unknown name \"trait.x\"",
        "{{\"text\"}}~a text (expected: the values of a trait)",
        "{{contains(external.x, \"a\")}}~a condition (expected: the values of a trait)",
        "{{external.x~is no template that is known",
        "external.x}}~is no template that is known",
        "}}{{~is no template that is known",
        "{{external.x}}{{external.y}}~\"}\" is not expected here",
        "{{{external.x}}}~is no template that is known"
      })
  void what_is_no_template_is_told(String text, String problem) throws Undecided {
    assertThat(expand(text).getFirst()).startsWith("! ").contains(problem);
  }

  @Test
  void only_what_the_cluster_keeps_is_internal() {
    assertThat(((TraitTemplate.Trait) TraitTemplate.parse("{{internal.logins}}")).internal())
        .isTrue();
    for (var text : List.of("{{external.a}}", "{{union(internal.logins, external.a)}}")) {
      assertThat(((TraitTemplate.Trait) TraitTemplate.parse(text)).internal()).isFalse();
    }
  }

  @Test
  void random_text_never_breaks_it() {
    var random = new Random(31);
    var pieces =
        List.of(
            "{{",
            "}}",
            "{",
            "}",
            "internal",
            "external",
            ".",
            "a",
            "[\"",
            "\"]",
            "(",
            ")",
            ",",
            "email.local",
            "regexp.replace",
            "\"^(.*)$\"",
            "\"$1\"",
            " ",
            "\n",
            "\\",
            "é");
    for (int i = 0; i < 60_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(9); n >= 0; n--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      var template = TraitTemplate.parse(text.toString());
      if (template instanceof TraitTemplate.Trait trait) {
        try {
          assertThat(trait.expand(TRAITS)).doesNotContain("");
        } catch (Undecided e) {
          assertThat(e.getMessage()).isNotEmpty();
        }
      }
    }
  }
}
