package dev.sallyport.policy.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The language of conditions over a small world.
class ConditionTest {
  private record World(Map<String, String> labels, Map<String, List<String>> traits) {}

  private static final World WORLD =
      new World(
          Map.of("env", "dev", "team", "blue", "team-2", "red", "odd", "dev\nprod"),
          Map.of(
              "team", List.of("blue", "green"),
              "email", List.of("Alice@example.com"),
              "bad", List.of("no address"),
              "blank", List.of(""),
              "partly", List.of("", "blue"),
              "groups", List.of("team-a", "team-b", "other")));

  private static final Vocabulary<World> VOCABULARY =
      Vocabulary.withLabels(World::labels)
          .text("user.metadata.name", _ -> "alice")
          .texts("user.spec.roles", _ -> List.of("access"))
          .textsMap("user.spec.traits", World::traits);

  private static boolean holds(String source) throws InvalidExpression, Undecided {
    return Condition.parse(source, VOCABULARY).holds(WORLD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\'',
      value = {
        "labels[\"env\"] == \"dev\"~true",
        "labels.env == \"dev\"~true",
        "labels[\"env\"] != \"dev\"~false",
        "labels[\"none\"] == \"\"~true",
        "labels[\"env\"] == \"dev\" && contains(user.spec.traits[\"team\"], labels[\"team\"])~true",
        "contains(user.spec.traits.team, \"green\")~true",
        "contains(user.spec.traits[\"none\"], \"\")~false",
        "contains(user.spec.traits[\"blank\"], \"\")~false",
        "contains(user.spec.traits[\"blank\"], labels[\"none\"])~false",
        "contains(user.spec.traits[\"partly\"], labels[\"none\"])~false",
        "contains(user.spec.traits[\"partly\"], \"blue\")~true",
        "contains_any(user.spec.traits[\"partly\"], set(labels[\"none\"]))~false",
        "contains_all(user.spec.traits[\"blank\"], set(labels[\"none\"]))~false",
        "contains_any(user.spec.traits[\"team\"], set(\"red\", \"blue\"))~true",
        "contains_any(user.spec.traits[\"team\"], set())~false",
        "contains_any(user.spec.traits[\"team\"], labels_matching(\"team*\"))~true",
        "contains_all(user.spec.traits[\"team\"], set(\"green\", \"blue\"))~true",
        "contains_all(user.spec.traits[\"team\"], labels_matching(\"team*\"))~false",
        "contains_all(user.spec.traits[\"team\"], user.spec.traits[\"none\"])~false",
        "contains(labels_matching(\"^team-[0-9]$\"), \"red\")~true",
        "contains(union(user.spec.traits.team, set(\"x\")), \"x\")~true",
        "regexp.match(labels[\"env\"], \"d*\")~true",
        "regexp.match(user.spec.traits[\"team\"], \"^(red|green)$\")~true",
        "regexp.match(user.spec.traits[\"team\"], \"^re$\")~false",
        "regexp.match(labels[\"odd\"], \"^dev$\")~false",
        "regexp.match(labels[\"odd\"], \"^(?m)dev$\")~false",
        "contains(regexp.replace(user.spec.traits.groups, \"^team-(.*)$\", \"$1\"), \"b\")~true",
        "contains(regexp.replace(user.spec.traits.groups, \"^team-(.*)$\", \"$1\"),"
            + " \"other\")~false",
        "contains(regexp.replace(labels.env, \"e\", \"$$\"), \"d$v\")~true",
        "contains(strings.lower(email.local(user.spec.traits[\"email\"])), \"alice\")~true",
        "strings.upper(labels[\"env\"]) == \"DEV\"~true",
        "email.local(\"a@b\") == \"a\"~true",
        "equals(user.metadata.name, \"alice\") && contains(user.spec.roles, \"access\")~true",
        "!(labels.env == \"dev\") || true~true",
        "!true~false",
        "true || false && false~true",
        "(true || false) && false~false",
        "labels[`env`] == `dev`~true",
        "labels.env == \"d\\\"\"~false"
      })
  void what_it_says(String source, boolean expected) throws InvalidExpression, Undecided {
    assertThat(holds(source)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\'',
      value = {
        "''~at character 1: the end is not expected here",
        "labels[\"env\"]~at character 1: a text (expected: a condition)",
        "labels[\"env\"] = \"dev\"~at character 15: \"=\" is not expected here",
        "label[\"env\"] == \"dev\"~at character 1: unknown name \"label\"",
        "labels[env] == \"dev\"~at character 8: a key must be written as a text in quotes",
        "labels[\"env\" == \"dev\"~at character 14: \"==\" (expected: \"]\")",
        "contains(labels, \"x\")~at character 10: contains: argument 1 is a map",
        "contains(\"x\")~at character 1: contains: 1 arguments (expected: 2)",
        "nope(\"x\")~at character 1: unknown function \"nope\"",
        "user.spec.traits.team == \"x\"~a set of texts can't be compared with a text",
        "regexp.match(labels.env, \"^($\")~at character 26: could not parse the regular expression",
        "regexp.match(labels.env, labels.team)~argument 2 is a text (expected: a text in quotes)",
        "contains(regexp.replace(labels.env, \"a\", \"$1\"), \"x\")~\"$1\" in the replacement",
        "labels.env == \"dev~at character 15: the text does not end",
        "labels.env == \"\\d\"~only \\\", \\\\, \\n and \\t may follow a backslash",
        "true true~at character 6: \"true\" is not expected here",
        "true && labels.env~at character 1: a text (expected: a condition)"
      })
  void what_can_not_be_read_is_told_with_its_place(String source, String problem) {
    assertThatThrownBy(() -> holds(source))
        .isInstanceOf(InvalidExpression.class)
        .hasMessageContaining(problem);
  }

  @Test
  void what_can_not_be_evaluated_is_no_answer() {
    assertThatThrownBy(() -> holds("contains(email.local(user.spec.traits[\"bad\"]), \"no\")"))
        .isInstanceOf(Undecided.class)
        .hasMessage("\"no address\" is not an e-mail address");
  }

  @Test
  void length_nesting_and_results_are_bounded() throws InvalidExpression, Undecided {
    assertThat(holds("(".repeat(32) + "true" + ")".repeat(32))).isTrue();
    for (var source :
        List.of(
            "(".repeat(33) + "true" + ")".repeat(33),
            "!".repeat(33) + "true",
            "(".repeat(4_000),
            "strings.upper(".repeat(200))) {
      assertThatThrownBy(() -> holds(source)).hasMessageContaining("nested more than 32 deep");
    }
    var longest = "true" + " ".repeat(Lexer.MAX_LENGTH - 4);
    assertThat(holds(longest)).isTrue();
    assertThatThrownBy(() -> holds(longest + " ")).hasMessageContaining("at most 4096");
    var growing = "labels.env";
    for (int i = 0; i < 12; i++) {
      growing = "regexp.replace(" + growing + ", \"^(.*)$\", \"$1$1\")";
    }
    var large = "contains(" + growing + ", \"x\")";
    assertThatThrownBy(() -> holds(large))
        .isInstanceOf(Undecided.class)
        .hasMessageContaining("longer than 4096");
  }

  @Test
  void random_text_is_read_or_refused_and_nothing_else() {
    var random = new Random(29);
    var pieces =
        List.of(
            "labels",
            "[\"env\"]",
            "(",
            ")",
            "==",
            "!=",
            "&&",
            "||",
            "!",
            ",",
            "\"dev\"",
            "`x`",
            "contains",
            "contains_all",
            "regexp.match",
            "regexp.replace",
            "email.local",
            "set",
            "user.spec.traits.bad",
            "user.metadata.name",
            "\"^a(b|c)*$\"",
            "\"$1\"",
            " ",
            "\"",
            "\\",
            "{",
            "true",
            "false",
            ".",
            "\u0000",
            "é",
            "strings.upper",
            "labels_matching");
    int read = 0;
    for (int i = 0; i < 60_000; i++) {
      var source = new StringBuilder();
      for (int n = random.nextInt(9); n >= 0; n--) {
        source.append(pieces.get(random.nextInt(pieces.size())));
      }
      try {
        Condition.parse(source.toString(), VOCABULARY).holds(WORLD);
        read++;
      } catch (InvalidExpression e) {
        assertThat(e).hasMessageContaining("at character");
      } catch (Undecided e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
    assertThat(read).isGreaterThan(20);
  }
}
