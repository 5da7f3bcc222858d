package dev.sallyport.bench.chain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What to run.
///
/// @param rounds how often each contender has its turn, after one that does not count
/// @param seconds how long a turn is
/// @param warmUp seconds of load on each of ours before the first round
/// @param only the workloads, by name; all where empty
/// @param contenders by name; all where empty
/// @param home the installation that is measured
/// @param against another installation, measured beside this one
/// @param javaOptions for the processes of ours
/// @param report where to write `performance.json` and `performance.svg`
record Options(
    int rounds,
    double seconds,
    double warmUp,
    List<String> only,
    List<String> contenders,
    Path home,
    Optional<Path> against,
    String javaOptions,
    Optional<Path> report) {
  static final String USAGE =
      """
      ./dev bench [--quick] [--packaged] [--against REV] [--only LOAD,…] [--contenders NAME,…]
                  [--rounds N] [--seconds S] [--warm-up S] [--java-opts OPTS] [--report FOLDER]
      """;

  /// What can be asked for.
  static String help() {
    return USAGE
        + "workloads: "
        + Workload.all().stream().map(Workload::name).toList()
        + "\ncontenders: direct, nginx, nginx-unsigned, haproxy-h2, sallyport";
  }

  /// Whether what is no load is measured as well: in a full run.
  boolean beside() {
    return only.isEmpty();
  }

  static Options parse(String... arguments) {
    var quick = Arrays.asList(arguments).contains("--quick");
    var options =
        new Options(
            quick ? 2 : 5,
            quick ? 1 : 3,
            quick ? 20 : 150,
            quick ? Workload.quick().stream().map(Workload::name).toList() : List.of(),
            quick ? List.of("direct", "nginx", "sallyport") : List.of(),
            Path.of("target/sallyport"),
            Optional.empty(),
            "",
            Optional.empty());
    for (int i = 0; i < arguments.length; i++) {
      if (!arguments[i].equals("--quick")) {
        if (i + 1 == arguments.length) {
          throw new IllegalArgumentException(arguments[i] + " wants a value");
        }
        options = options.with(arguments[i], arguments[++i]);
      }
    }
    return options;
  }

  private Options with(String flag, String value) {
    return switch (flag) {
      case "--rounds" -> copy(Integer.parseInt(value), seconds, warmUp, only, contenders);
      case "--seconds" -> copy(rounds, Double.parseDouble(value), warmUp, only, contenders);
      case "--warm-up" -> copy(rounds, seconds, Double.parseDouble(value), only, contenders);
      case "--only" -> copy(rounds, seconds, warmUp, list(value), contenders);
      case "--contenders" -> copy(rounds, seconds, warmUp, only, list(value));
      case "--against" -> {
        var all = new ArrayList<>(contenders);
        if (!all.isEmpty()) {
          all.add(ChainBench.OTHER);
        }
        yield new Options(
            rounds,
            seconds,
            warmUp,
            only,
            all,
            home,
            Optional.of(Path.of(value)),
            javaOptions,
            report);
      }
      case "--home" ->
          new Options(
              rounds,
              seconds,
              warmUp,
              only,
              contenders,
              Path.of(value),
              against,
              javaOptions,
              report);
      case "--java-opts" ->
          new Options(rounds, seconds, warmUp, only, contenders, home, against, value, report);
      case "--report" ->
          new Options(
              rounds,
              seconds,
              warmUp,
              only,
              contenders,
              home,
              against,
              javaOptions,
              Optional.of(Path.of(value)));
      default -> throw new IllegalArgumentException("unknown option " + flag);
    };
  }

  private Options copy(
      int newRounds,
      double newSeconds,
      double newWarmUp,
      List<String> newOnly,
      List<String> newContenders) {
    return new Options(
        newRounds,
        newSeconds,
        newWarmUp,
        newOnly,
        newContenders,
        home,
        against,
        javaOptions,
        report);
  }

  private static List<String> list(String value) {
    return List.of(value.split(",", -1));
  }

  /// The workloads that were asked for.
  List<Workload> workloads() {
    var all = Workload.all();
    for (var name : only) {
      if (all.stream().noneMatch(load -> load.name().equals(name))) {
        throw new IllegalArgumentException(
            "no workload " + name + "; there are " + all.stream().map(Workload::name).toList());
      }
    }
    return all.stream().filter(load -> only.isEmpty() || only.contains(load.name())).toList();
  }

  boolean wants(String contender) {
    return contenders.isEmpty() || contenders.contains(contender);
  }
}
