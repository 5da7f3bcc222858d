package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Holds `docs/compatibility.md` to what the programs offer and what tests hold. Run with
/// `-Dwrite.docs=true` to write it anew.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CompatibilityDocumentTest {
  private static final Pattern TEST =
      Pattern.compile("@(?:Test|ParameterizedTest|Property|TestFactory|RepeatedTest)\\b");
  private static final Pattern PARENT = Pattern.compile(" extends (\\w+)");

  private final Map<String, String> tests = new HashMap<>();
  private final Map<String, java.util.Set<String>> offered = new OfferedCommands().flags();
  private List<CompatibilityRow> rows = List.of();
  private String text = "";

  @BeforeAll
  void read() throws IOException {
    var document = CompatibilityDocument.read();
    rows = document.rows();
    text = document.text();
    for (var file : SourceTree.all()) {
      if (file.path().contains("/src/test/")) {
        tests.merge(file.fileName().replace(".java", ""), file.text(), String::concat);
      }
    }
  }

  @Test
  void theDocumentIsWhatItsPagesSay() throws IOException {
    if (Boolean.getBoolean("write.docs")) {
      Files.writeString(CompatibilityDocument.target(), text);
    }
    assertThat(CompatibilityDocument.target())
        .as("run: ./dev t testing/rules CompatibilityDocumentTest -Dwrite.docs=true, and commit")
        .content()
        .isEqualTo(text);
  }

  @Test
  void everyTestThatIsNamedIsThere() {
    var missing = new TreeSet<String>();
    for (var row : rows) {
      for (var test : row.tests()) {
        var method = test.indexOf('.');
        var source = source(method < 0 ? test : test.substring(0, method));
        if (!TEST.matcher(source).find()
            || (method > 0 && !source.contains("void " + test.substring(method + 1) + "("))) {
          missing.add(test + ", of " + row.item());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  /// A test that never writes the flag can't fail without it.
  @Test
  void aTestOfAFlagUsesTheFlag() {
    var silent = new TreeSet<String>();
    for (var row : rows) {
      if (row.isFlag()
          && !row.tests().isEmpty()
          && row.tests().stream().noneMatch(test -> uses(test, row))) {
        silent.add(row.where() + " " + row.item() + ": " + row.tests());
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void everyCommandAndFlagHasARowAndOnlyThoseThatExistWork() {
    var faults = new ArrayList<String>();
    offered.forEach((command, flags) -> {
      var own = rows.stream().filter(row -> row.where().equals(command)).toList();
      if (own.stream().noneMatch(row -> row.isCommand() && row.claims())) {
        faults.add("no row: " + command);
      }
      for (var flag : flags) {
        if (own.stream().noneMatch(row -> row.isFlag() && row.names().contains(flag))) {
          faults.add("no row: " + command + " " + flag);
        }
      }
    });
    for (var row : rows) {
      var flags = offered.get(row.where());
      if (row.isCommand() && row.claims() && flags == null) {
        faults.add("no such command: " + row.where());
      }
      if (row.isFlag() && row.claims() && (flags == null || !flags.containsAll(row.names()))) {
        faults.add("no such flag: " + row.where() + " " + row.item());
      }
      if (row.isCommand() && !row.claims() && flags != null) {
        faults.add("a command that exists: " + row.where());
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void nothingStandsTwice() {
    assertThat(rows.stream().map(row -> row.where() + "/" + row.item()).toList())
        .doesNotHaveDuplicates();
  }

  private boolean uses(String test, CompatibilityRow row) {
    var source = source(test.replaceFirst("\\..*", ""));
    return row.names().stream()
        .anyMatch(name ->
            Pattern.compile("[\"' (]" + Pattern.quote(name) + "[\"'= |,)]").matcher(source).find());
  }

  /// With what it inherits.
  private String source(String test) {
    var own = tests.getOrDefault(test, "");
    var parent = PARENT.matcher(own);
    return parent.find() ? own + tests.getOrDefault(parent.group(1), "") : own;
  }
}
