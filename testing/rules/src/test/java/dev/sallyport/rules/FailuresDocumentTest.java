package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/failures.md` promises only what a test holds.
final class FailuresDocumentTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    var tests = new HashMap<String, String>();
    for (var file : SourceTree.all()) {
      if (file.path().contains("/src/test/")) {
        tests.put(file.fileName().replace(".java", ""), file.text());
      }
    }
    var missing = new TreeSet<String>();
    int named = 0;
    for (var match : NAMED.matcher(document()).results().toList()) {
      named++;
      if (!tests.getOrDefault(match.group(1), "").contains("void " + match.group(2) + "(")) {
        missing.add(match.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(40);
  }

  @Test
  void everyFaultHasATest() throws IOException {
    assertThat(document().lines().filter(line -> line.startsWith("| ")))
        .filteredOn(line -> !line.startsWith("| fault ") && !line.startsWith("| ---"))
        .isNotEmpty()
        .allMatch(line -> NAMED.matcher(line).find());
  }

  private static String document() throws IOException {
    return Files.readString(SourceTree.root().resolve("docs/failures.md"));
  }
}
