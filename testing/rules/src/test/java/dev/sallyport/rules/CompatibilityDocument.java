package dev.sallyport.rules;

import dev.sallyport.rules.CompatibilityRow.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// `docs/compatibility.md`, made from the pages in `src/test/resources/compatibility`.
///
/// A page is Markdown with rows `item | state | words | tests` between; see [CompatibilityRow]. In
/// the first page [#COUNTS] stands for how many rows there are of each kind.
final class CompatibilityDocument {
  static final String NOT_TESTED = "*not tested*";
  private static final String COUNTS = "%COUNTS%";
  private static final String HEAD = "| what | here | | held by |\n| --- | --- | --- | --- |\n";

  private final StringBuilder text = new StringBuilder();
  private final List<CompatibilityRow> rows = new ArrayList<>();
  private String title = "";
  private boolean inTable;

  private CompatibilityDocument() {}

  static CompatibilityDocument read() throws IOException {
    var folder = SourceTree.root().resolve("testing/rules/src/test/resources/compatibility");
    var document = new CompatibilityDocument();
    try (var pages = Files.list(folder)) {
      for (var page : pages.sorted().toList()) {
        document.add(page);
      }
    }
    return document;
  }

  static Path target() {
    return SourceTree.root().resolve("docs/compatibility.md");
  }

  List<CompatibilityRow> rows() {
    return List.copyOf(rows);
  }

  String text() {
    return text.toString().replace(COUNTS, counts());
  }

  private void add(Path page) throws IOException {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    for (var line : Files.readAllLines(page)) {
      if (line.startsWith("#")) {
        title = line.replaceAll("[#`]", "").strip();
      }
      var row = CompatibilityRow.parse(title, line);
      if (row.isEmpty()) {
        inTable = false;
        text.append(line).append('\n');
        continue;
      }
      if (!inTable) {
        text.append(HEAD);
        inTable = true;
      }
      rows.add(row.get());
      text.append(row.get().markdown());
    }
    inTable = false;
  }

  private String counts() {
    var states =
        java.util.Arrays.stream(State.values())
            .map(state -> {
              var count = rows.stream().filter(row -> row.state() == state).count();
              return count + " " + state;
            })
            .collect(Collectors.joining(", "));
    var open = rows.stream().filter(row -> row.claims() && row.tests().isEmpty()).count();
    return "%d rows: %s; of those that are here, %d are %s."
        .formatted(rows.size(), states, open, NOT_TESTED);
  }
}
