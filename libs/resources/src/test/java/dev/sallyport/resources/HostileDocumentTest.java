package dev.sallyport.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.resources.config.TeleportFile;
import dev.sallyport.resources.document.DocumentNode;
import dev.sallyport.resources.document.DocumentParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("S43")
class HostileDocumentTest {
  private static void refused(String text, String message) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () ->
            assertThatThrownBy(() -> ResourceReader.read(text, "evil.yaml"))
                .isInstanceOf(InvalidDocument.class)
                .hasMessageContaining(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL"
            + " [\"http://x/\"]]]]",
        "!!com.sun.rowset.JdbcRowSetImpl {dataSourceName: \"rmi://x/y\", autoCommit: true}",
        "!!java.lang.ProcessBuilder [[touch, /tmp/x]]",
        "!!org.springframework.beans.factory.config.PropertyPathFactoryBean {targetBeanName: x}",
        "!!com.mchange.v2.c3p0.WrapperConnectionPoolDataSource {userOverridesAsString: x}",
        "kind: !!java.util.Date 2020-01-01",
        "kind: !<tag:yaml.org,2002:java.io.File> x",
        "%TAG ! tag:yaml.org,2002:\n---\n!java.net.URL x",
        "!!str x",
        "kind: !local x"
      })
  void every_tag_is_refused_so_that_no_text_names_a_class(String text) {
    refused(text, "tags are not allowed");
  }

  @Test
  void the_configuration_and_the_api_refuse_them_too() {
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i)).append("*a%d, ".formatted(i - 1).repeat(9));
      bomb.append("x]\n");
    }
    for (var text :
        List.of(
            "version: !!javax.script.ScriptEngineManager [x]",
            "teleport: !!java.lang.ProcessBuilder [[touch, /tmp/x]]",
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "a".repeat(DocumentParser.MAX_CHARACTERS + 1),
            bomb.toString())) {
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(5),
          () -> {
            assertThatThrownBy(() -> TeleportFile.read(text, "teleport.yaml"))
                .isInstanceOf(InvalidDocument.class);
            assertThatThrownBy(() -> ResourceJson.fromJson(text))
                .isInstanceOf(InvalidDocument.class);
          });
    }
    // What names a class is a key like any other, and not one that is known.
    var named = "{\"kind\":\"role\",\"@class\":\"java.lang.ProcessBuilder\"}";
    assertThatThrownBy(() -> ResourceJson.fromJson(named))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("@class");
  }

  @Test
  void aliases_that_multiply_are_refused() {
    var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      text.append("a%d: &a%d [".formatted(i, i));
      text.append("*a%d, ".formatted(i - 1).repeat(9)).append("x]\n");
    }
    refused(text.toString(), "more than");
  }

  @Test
  void aliases_that_deepen_are_refused() {
    var text = new StringBuilder("a0: &a0 [[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]\n");
    for (int i = 1; i < 5; i++) {
      text.append("a%d: &a%d [[[[[[[[[[*a%d]]]]]]]]]]\n".formatted(i, i, i - 1));
    }
    refused(text.toString(), "in one another");
  }

  @Test
  void an_alias_to_what_it_stands_in_is_refused() {
    refused("a: &a [*a]", "nothing before is named");
    refused("&k {*k : 1}", "nothing before is named");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? "})
  void a_hundred_thousand_levels_are_refused(String level) {
    refused(level.repeat(100_000), "in one another");
  }

  @Test
  void a_text_that_is_too_long_is_refused() {
    refused("a".repeat(DocumentParser.MAX_CHARACTERS + 1), "at most");
  }

  @Test
  void a_document_that_is_too_long_is_refused_with_its_line_among_others() {
    var role = "kind: role\nversion: v7\nmetadata: {name: r}\nspec: {}\n---\n";
    var half = "x".repeat(DocumentParser.MAX_CHARACTERS / 2);
    refused(role + "a: %s\nb: %s\nc: d".formatted(half, half), "line 7");
    refused(role + "a: " + half + half, "a document of more than 1048576 characters");
  }

  @Test
  void all_documents_together_have_a_bound() {
    var comment = "#".repeat(1023) + "\n";
    var total = DocumentParser.MAX_TOTAL_CHARACTERS;
    refused(
        comment.repeat(total / comment.length()) + "a",
        "%d characters (at most %d are read)".formatted(total + 1, total));
    var values = "---\n[" + "x,".repeat(DocumentParser.MAX_NODES - 2) + "]\n";
    assertThatThrownBy(() ->
            DocumentParser.each(
                values.repeat(DocumentParser.MAX_TOTAL_NODES / DocumentParser.MAX_NODES + 1),
                "evil.yaml",
                document -> {}))
        .isInstanceOf(InvalidDocument.class)
        .hasMessageContaining("more than 5000000 values in all documents");
  }

  @Test
  void names_and_counts_end_with_their_document() {
    var named = "a: &a x\nb: [" + "*a,".repeat(DocumentParser.MAX_ALIASES) + "]\n";
    var read = new ArrayList<DocumentNode>();
    DocumentParser.each(named + "---\n" + named, "two.yaml", read::add);
    assertThat(read).hasSize(2);
    refused(named + "---\nc: *a", "nothing before is named");
    refused(named + "---\n" + named.replace("b: [", "b: [*a,"), "more than 50 aliases");
  }

  @Test
  void more_values_than_any_document_needs_are_refused() {
    refused("a: [" + "x,".repeat(DocumentParser.MAX_NODES) + "]", "more than 50000 values");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: 1\na: 2", "{a: 1, a: 2}", "? [x]\n: y", "a: b: c", "\ta: b", "a: 'b"})
  void what_two_readers_may_read_differently_is_refused(String text) {
    refused(text, "line ");
  }

  @Test
  void tabs_are_explained() {
    refused("a:\n\tb: c", "indent with blanks");
  }

  @Test
  void keys_can_not_forge_a_line_of_the_message() {
    assertThatThrownBy(() -> ResourceReader.read("kind: role\n\"x\\n\\u001b[31my\": 1", "e"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\u001b").contains("\\u000a"));
  }
}
