package dev.sallyport.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A table for people: columns as wide as their longest cell, headings underlined. Cells may come
/// from anywhere: they are [Printable].
public final class TextTable {
  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  /// With these headings.
  public TextTable(String... headings) {
    this.headings = List.of(headings);
  }

  /// Adds a row of as many cells as there are headings.
  public void row(String... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells (expected: " + headings.size() + ")");
    }
    rows.add(Arrays.stream(cells).map(Printable::line).toList());
  }

  /// The whole table; each line ends with a line break.
  public String text() {
    var widths = new int[headings.size()];
    measure(widths, headings);
    rows.forEach(row -> measure(widths, row));
    var out = new StringBuilder();
    line(out, widths, headings);
    line(out, widths, Arrays.stream(widths).mapToObj("-"::repeat).toList());
    rows.forEach(row -> line(out, widths, row));
    return out.toString();
  }

  private static void measure(int[] widths, List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], cells.get(i).length());
    }
  }

  private static void line(StringBuilder out, int[] widths, List<String> cells) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 1));
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }
}
