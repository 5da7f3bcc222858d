package dev.sallyport.bench.chain;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Results as people and programs read them.
final class Report {

  private Report() {}

  /// One workload as a table.
  static void print(Results results, String load, PrintStream out) {
    out.printf("%n%s%n", load);
    out.printf(
        "  %-17s %9s %8s %8s %8s %22s %8s  %s%n",
        "", "req/s", "p50 µs", "p99", "p99.9", "CPU µs/req (min-max)", "x nginx", "of it");
    for (var contender : results.contenders(load)) {
      var cpu = results.spread(load, contender, Measured::cpuOfHops);
      out.printf(
          "  %-17s %9.0f %8.0f %8.0f %8.0f %8.1f (%5.1f-%6.1f) %8s  %s%n",
          contender,
          results.spread(load, contender, Measured::perSecond).median(),
          results.spread(load, contender, Measured::p50).median(),
          results.spread(load, contender, Measured::p99).median(),
          results.spread(load, contender, Measured::p999).median(),
          cpu.median(),
          cpu.least(),
          cpu.most(),
          ratio(results, load, contender, "nginx"),
          parts(results, load, contender));
    }
    if (results.contenders(load).containsAll(List.of(ChainBench.OTHER, ChainBench.OURS))) {
      out.printf(
          "  now to before: CPU x %s%n", ratio(results, load, ChainBench.OURS, ChainBench.OTHER));
    }
    out.flush();
  }

  private static String ratio(Results results, String load, String contender, String base) {
    boolean known = results.contenders(load).contains(base) && !contender.equals("direct");
    return known
        ? "%.2f".formatted(results.ratio(load, contender, base, Measured::cpuOfHops).median())
        : "";
  }

  private static String parts(Results results, String load, String contender) {
    return results.of(load, contender).getFirst().cpu().keySet().stream()
        .map(process ->
            "%s %.1f"
                .formatted(
                    process,
                    results
                        .spread(load, contender, measured -> measured.cpu().get(process))
                        .median()))
        .collect(Collectors.joining(", "));
  }

  /// What each process held in memory at most.
  static void print(Map<String, Double> peaks, PrintStream out) {
    out.printf("%nresident memory at its peak, MB%n");
    peaks.forEach((process, megabytes) -> out.printf("  %-28s %6.0f%n", process, megabytes));
  }

  /// What is no load.
  static void print(List<Figure> figures, PrintStream out) {
    out.printf("%n%-50s %10s (min-max)%n", "", "median");
    for (var figure : figures) {
      var spread = figure.spread();
      out.printf(
          "  %-48s %7.1f %s (%.1f-%.1f)%n",
          figure.name(), spread.median(), figure.unit(), spread.least(), spread.most());
    }
    out.flush();
  }

  /// Writes `performance.json` and `performance.svg` into a folder.
  static void write(Results results, Map<String, Double> peaks, List<Figure> figures, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("performance.json"), json(results, peaks, figures));
    Files.writeString(folder.resolve("performance.svg"), Chart.svg(results));
  }

  private static String json(Results results, Map<String, Double> peaks, List<Figure> figures) {
    var loads =
        results.workloads().stream()
            .map(load -> "    \"%s\": {\n%s\n    }".formatted(load, json(results, load)))
            .collect(Collectors.joining(",\n"));
    var memory =
        peaks.entrySet().stream()
            .map(peak -> "    \"%s\": %.1f".formatted(peak.getKey(), peak.getValue()))
            .collect(Collectors.joining(",\n"));
    var others =
        figures.stream()
            .map(figure ->
                "    \"%s, %s\": [%.2f, %.2f, %.2f]"
                    .formatted(
                        figure.name(),
                        figure.unit(),
                        figure.spread().least(),
                        figure.spread().median(),
                        figure.spread().most()))
            .collect(Collectors.joining(",\n"));
    return """
    {
      "workloads": {
    %s
      },
      "peak_resident_mb": {
    %s
      },
      "least_median_most": {
    %s
      }
    }
    """
        .formatted(loads, memory, others);
  }

  private static String json(Results results, String load) {
    return results.contenders(load).stream()
        .map(contender ->
            "      \"%s\": [\n%s\n      ]"
                .formatted(
                    contender,
                    results.of(load, contender).stream()
                        .map(Report::json)
                        .collect(Collectors.joining(",\n"))))
        .collect(Collectors.joining(",\n"));
  }

  private static String json(Measured round) {
    var cpu =
        round.cpu().entrySet().stream()
            .map(process -> "\"%s\": %.2f".formatted(process.getKey(), process.getValue()))
            .collect(Collectors.joining(", "));
    return ("        {\"requests_per_second\": %.1f, \"p50_us\": %.1f, \"p90_us\": %.1f,"
            + " \"p99_us\": %.1f, \"p999_us\": %.1f, \"failed\": %d, \"cpu_us\": {%s}}")
        .formatted(
            round.perSecond(),
            round.p50(),
            round.p90(),
            round.p99(),
            round.p999(),
            round.failed(),
            cpu);
  }
}
