package dev.sallyport.bench.chain;

import java.util.LinkedHashMap;
import java.util.Map;

/// What one contender did in one round of one workload.
///
/// @param perSecond requests answered in a second
/// @param p50 microseconds; so all of them
/// @param cpu microseconds of CPU for each request, by process
/// @param failed requests without a good answer
record Measured(
    double perSecond,
    double p50,
    double p90,
    double p99,
    double p999,
    Map<String, Double> cpu,
    int failed) {
  /// Processes that are no hop: what they do may wait, and one serves many hops.
  private static final String BESIDE = "auth";

  static Measured of(
      LoadGenerator.Sample sample, Map<String, Double> before, Map<String, Double> after) {
    var cpu = new LinkedHashMap<String, Double>();
    before.forEach((process, seconds) ->
        cpu.put(
            process,
            (after.getOrDefault(process, seconds) - seconds)
                * 1e6
                / Math.max(1, sample.answered())));
    var times = sample.times();
    return new Measured(
        sample.answered() / sample.seconds(),
        times.micros(0.5),
        times.micros(0.9),
        times.micros(0.99),
        times.micros(0.999),
        cpu,
        sample.failed());
  }

  /// Microseconds of CPU for each request, all hops.
  double cpuOfHops() {
    return cpu.entrySet().stream()
        .filter(process -> !process.getKey().equals(BESIDE))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
