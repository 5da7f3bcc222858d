package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `docs/failures.md`, and `docs/security.md` of what went wrong elsewhere, promise only what a
/// test holds.
final class FailuresDocumentTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

  @ParameterizedTest
  @CsvSource({"failures.md,40", "security.md,60"})
  void everyTestThatIsNamedIsThere(String name, int atLeast) throws IOException {
    var tests = new HashMap<String, String>();
    for (var file : SourceTree.all()) {
      if (file.path().contains("/src/test/")) {
        // Two modules may have a test of the same name.
        tests.merge(file.fileName().replace(".java", ""), file.text(), String::concat);
      }
    }
    var missing = new TreeSet<String>();
    int named = 0;
    for (var match : NAMED.matcher(document(name)).results().toList()) {
      named++;
      if (!tests.getOrDefault(match.group(1), "").contains("void " + match.group(2) + "(")) {
        missing.add(match.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(atLeast);
  }

  @Test
  void everyFaultHasATest() throws IOException {
    assertThat(document("failures.md").lines().filter(line -> line.startsWith("| ")))
        .filteredOn(line -> !line.startsWith("| fault ") && !line.startsWith("| ---"))
        .isNotEmpty()
        .allMatch(line -> NAMED.matcher(line).find());
  }

  private static String document(String name) throws IOException {
    return Files.readString(SourceTree.root().resolve("docs").resolve(name));
  }
}
