package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `docs/failures.md`, and `docs/security.md` of what went wrong elsewhere, promise only what a
/// test holds, and say which tests are run by `./dev check --long` alone.
final class FailuresDocumentTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`( \\(long)?");
  private static final String LONG = "@Tag(\"long\")";

  @ParameterizedTest
  @CsvSource({"failures.md,40", "security.md,60"})
  void everyTestThatIsNamedIsThere(String name, int atLeast) throws IOException {
    var tests = tests();
    var missing = new TreeSet<String>();
    var named = NAMED.matcher(document(name)).results().toList();
    for (var match : named) {
      if (sources(tests, match).isEmpty()) {
        missing.add(match.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named.size()).isGreaterThan(atLeast);
  }

  @ParameterizedTest
  @CsvSource({"failures.md", "security.md"})
  void whatRunsInTheLongCheckAloneIsMarked(String name) throws IOException {
    var tests = tests();
    var wrong = new TreeSet<String>();
    for (var match : NAMED.matcher(document(name)).results().toList()) {
      boolean everywhereLong =
          sources(tests, match).stream().allMatch(text -> isLong(text, match.group(2)));
      if (everywhereLong != (match.group(3) != null)) {
        wrong.add(match.group());
      }
    }
    assertThat(wrong).as("marked as (long), and not so in the code, or the other way").isEmpty();
  }

  @Test
  void everyFaultHasATestThatRunsEachTime() throws IOException {
    assertThat(document("failures.md").lines().filter(line -> line.startsWith("| ")))
        .filteredOn(line -> !line.startsWith("| fault ") && !line.startsWith("| ---"))
        .isNotEmpty()
        .allMatch(line -> NAMED.matcher(line).results().anyMatch(match -> match.group(3) == null));
  }

  /// The sources of each test class, by its name: two modules may have one of the same name.
  private static Map<String, List<String>> tests() throws IOException {
    var tests = new HashMap<String, List<String>>();
    for (var file : SourceTree.all()) {
      if (file.path().contains("/src/test/")) {
        var name = file.fileName().replace(".java", "");
        tests.merge(name, List.of(file.text()), FailuresDocumentTest::both);
      }
    }
    return tests;
  }

  private static List<String> both(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  /// Those that have the method that is named.
  private static List<String> sources(Map<String, List<String>> tests, MatchResult named) {
    return tests.getOrDefault(named.group(1), List.of()).stream()
        .filter(text -> text.contains("void " + named.group(2) + "("))
        .toList();
  }

  /// By a tag of the method, which stands between the blank line before it and its name, or of the
  /// class.
  private static boolean isLong(String text, String method) {
    var before = text.substring(0, text.indexOf("void " + method + "("));
    var annotations = before.substring(before.lastIndexOf("\n\n"));
    return annotations.contains(LONG) || text.substring(0, text.indexOf("class ")).contains(LONG);
  }

  private static String document(String name) throws IOException {
    return Files.readString(SourceTree.root().resolve("docs").resolve(name));
  }
}
