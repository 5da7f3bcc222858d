package dev.sallyport.tctl;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Columns with a heading and a rule, as wide as their widest cell.
final class TextTable {
  private final List<String> heading;
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... heading) {
    this.heading = List.of(heading);
  }

  void add(String... cells) {
    rows.add(List.of(cells));
  }

  void print(PrintStream out) {
    List<Integer> widths = IntStream.range(0, heading.size()).map(this::width).boxed().toList();
    out.println(line(heading, widths));
    out.println(line(widths.stream().map("-"::repeat).toList(), widths));
    rows.forEach(row -> out.println(line(row, widths)));
  }

  private int width(int column) {
    return rows.stream()
        .mapToInt(row -> row.get(column).length())
        .reduce(heading.get(column).length(), Math::max);
  }

  private static String line(List<String> cells, List<Integer> widths) {
    return IntStream.range(0, cells.size())
        .mapToObj(i -> cells.get(i) + " ".repeat(widths.get(i) - cells.get(i).length()))
        .collect(Collectors.joining(" "))
        .stripTrailing();
  }
}
