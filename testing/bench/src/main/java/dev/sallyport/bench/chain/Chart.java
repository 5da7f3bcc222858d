package dev.sallyport.bench.chain;

import java.util.Comparator;
import java.util.Locale;

/// CPU for each request as bars, one group for each workload, as SVG.
final class Chart {
  private static final int LEFT = 200;
  private static final int WIDTH = 460;
  private static final int BAR = 16;
  private static final int GAP = 12;

  private Chart() {}

  static String svg(Results results) {
    var bars = new StringBuilder();
    int y = 40;
    for (var load : results.workloads()) {
      var contenders =
          results.contenders(load).stream().filter(name -> !name.equals("direct")).toList();
      double most =
          contenders.stream()
              .map(name -> results.spread(load, name, Measured::cpuOfHops).median())
              .max(Comparator.naturalOrder())
              .orElse(1.0);
      for (var contender : contenders) {
        double value = results.spread(load, contender, Measured::cpuOfHops).median();
        bars.append(bar(y, load + "  " + contender, value, most, contender));
        y += BAR + 2;
      }
      y += GAP;
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">
    <rect width="100%%" height="100%%" fill="white"/>
    <text x="10" y="20" font-size="13">CPU for each request, all hops, µs (each group has its own scale)</text>
    %s</svg>
    """
        .formatted(LEFT + WIDTH + 70, y, bars);
  }

  private static String bar(int y, String label, double value, double most, String contender) {
    double width = Math.max(1, value / most * WIDTH);
    return String.format(
        Locale.ROOT,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
            + "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" fill=\"%s\"/>"
            + "<text x=\"%.0f\" y=\"%d\">%.0f</text>%n",
        LEFT - 8,
        y + 12,
        label,
        LEFT,
        y,
        width,
        BAR,
        contender.startsWith(ChainBench.OURS) ? "#2563eb" : "#94a3b8",
        LEFT + width + 5,
        y + 12,
        value);
  }
}
