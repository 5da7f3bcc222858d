package dev.sallyport.bench.chain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What the processes of ours hold in memory under the load of many clients, and how many bytes of
/// heap a request takes.
final class Memory {
  private static final double SECONDS = 5;
  private static final double KILO = 1024;
  private static final Workload MANY =
      new Workload("many", Workload.Request.GET_SMALL, 64, new Workload.Pace.Closed());
  private static final Workload FEW =
      new Workload("few", Workload.Request.GET_SMALL, 8, new Workload.Pace.Closed());

  private Memory() {}

  static List<Figure> measure(SallyportChain chain, LoadGenerator generator) throws Exception {
    var figures = new ArrayList<Figure>();
    generator.run(MANY, chain.target(), SECONDS);
    double all = 0;
    for (var process : hops(chain).entrySet()) {
      double megabytes = ProcessUse.residentMegabytes(process.getValue());
      all += megabytes;
      figures.add(figure("resident with 64 clients, " + process.getKey(), "MB", megabytes));
    }
    figures.add(figure("resident with 64 clients, all hops", "MB", all));

    var before = allocated(chain);
    var sample = generator.run(FEW, chain.target(), SECONDS);
    var after = allocated(chain);
    before.forEach((process, bytes) ->
        figures.add(
            figure(
                "heap that a request takes, " + process,
                "KB",
                (after.getOrDefault(process, bytes) - bytes)
                    / KILO
                    / Math.max(1, sample.answered()))));
    return figures;
  }

  private static Figure figure(String name, String unit, double value) {
    return new Figure(name, unit, Results.Spread.of(value));
  }

  private static Map<String, Long> hops(SallyportChain chain) {
    var hops = new LinkedHashMap<>(chain.processes());
    hops.remove("auth");
    return hops;
  }

  /// Bytes that were ever allocated, to one young generation: it is full whenever it is collected.
  private static Map<String, Double> allocated(SallyportChain chain) throws Exception {
    var allocated = new LinkedHashMap<String, Double>();
    for (var process : hops(chain).entrySet()) {
      var counters = counters(process.getValue());
      allocated.put(
          process.getKey(),
          value(counters, "sun.gc.collector.0.invocations")
              * value(counters, "sun.gc.generation.0.space.0.capacity"));
    }
    return allocated;
  }

  private static double value(String counters, String name) throws IOException {
    var found = Pattern.compile("^" + Pattern.quote(name) + "=(\\d+)$", Pattern.MULTILINE);
    var matcher = found.matcher(counters);
    if (!matcher.find()) {
      throw new IOException("no counter " + name);
    }
    return Double.parseDouble(matcher.group(1));
  }

  private static String counters(long pid) throws IOException, InterruptedException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var process =
        new ProcessBuilder(jcmd, Long.toString(pid), "PerfCounter.print")
            .redirectErrorStream(true)
            .start();
    try (var out = process.getInputStream()) {
      var text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return text;
    }
  }
}
