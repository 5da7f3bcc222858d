package dev.sallyport.bench.chain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// All that was measured: for each workload and contender one value of each round.
final class Results {
  private final Map<String, Map<String, List<Measured>>> rounds = new LinkedHashMap<>();

  /// The middle of the rounds' values, and their ends.
  record Spread(double median, double least, double most) {
    static Spread of(double... values) {
      var sorted = values.clone();
      Arrays.sort(sorted);
      return new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }
  }

  void add(Workload load, Contender contender, Measured measured) {
    rounds
        .computeIfAbsent(load.name(), name -> new LinkedHashMap<>())
        .computeIfAbsent(contender.name(), name -> new ArrayList<>())
        .add(measured);
  }

  List<String> workloads() {
    return List.copyOf(rounds.keySet());
  }

  List<String> contenders(String load) {
    return List.copyOf(rounds.getOrDefault(load, Map.of()).keySet());
  }

  List<Measured> of(String load, String contender) {
    return rounds.getOrDefault(load, Map.of()).getOrDefault(contender, List.of());
  }

  Spread spread(String load, String contender, ToDoubleFunction<Measured> value) {
    return Spread.of(of(load, contender).stream().mapToDouble(value).toArray());
  }

  /// One contender's value divided by another's, round by round.
  Spread ratio(String load, String contender, String base, ToDoubleFunction<Measured> value) {
    var ours = of(load, contender);
    var theirs = of(load, base);
    return Spread.of(
        IntStream.range(0, Math.min(ours.size(), theirs.size()))
            .mapToDouble(i -> value.applyAsDouble(ours.get(i)) / value.applyAsDouble(theirs.get(i)))
            .toArray());
  }
}
