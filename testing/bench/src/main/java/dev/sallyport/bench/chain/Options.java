package dev.sallyport.bench.chain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
  private static final String QUICK = "--quick";
  private static final Set<String> FLAGS =
      Set.of(
          "--rounds",
          "--seconds",
          "--warm-up",
          "--only",
          "--contenders",
          "--home",
          "--against",
          "--java-opts",
          "--report");

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
        + "\ncontenders: direct, nginx, nginx-unsigned, assembled, haproxy-h2, sallyport";
  }

  /// Whether what is no load is measured as well: in a full run.
  boolean beside() {
    return only.isEmpty();
  }

  static Options parse(String... arguments) {
    var quick = Arrays.asList(arguments).contains(QUICK);
    var given = given(arguments);
    var against = Optional.ofNullable(given.get("--against")).map(Path::of);
    var contenders =
        new ArrayList<>(
            list(
                given,
                "--contenders",
                quick ? List.of("direct", "nginx", "sallyport") : List.of()));
    if (against.isPresent() && !contenders.isEmpty()) {
      contenders.add(ChainBench.OTHER);
    }
    return new Options(
        (int) number(given, "--rounds", quick ? 2 : 5),
        number(given, "--seconds", quick ? 1 : 3),
        number(given, "--warm-up", quick ? 20 : 150),
        list(
            given,
            "--only",
            quick ? Workload.quick().stream().map(Workload::name).toList() : List.of()),
        contenders,
        Path.of(given.getOrDefault("--home", "target/sallyport")),
        against,
        given.getOrDefault("--java-opts", ""),
        Optional.ofNullable(given.get("--report")).map(Path::of));
  }

  private static Map<String, String> given(String... arguments) {
    var given = new HashMap<String, String>();
    for (int i = 0; i < arguments.length; i++) {
      var flag = arguments[i];
      if (flag.equals(QUICK)) {
        continue;
      }
      if (!FLAGS.contains(flag)) {
        throw new IllegalArgumentException("unknown option " + flag);
      }
      if (++i == arguments.length) {
        throw new IllegalArgumentException(flag + " wants a value");
      }
      given.put(flag, arguments[i]);
    }
    return given;
  }

  private static double number(Map<String, String> given, String flag, double usual) {
    var value = given.get(flag);
    try {
      return value == null ? usual : Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(flag + " wants a number, not " + value, e);
    }
  }

  private static List<String> list(Map<String, String> given, String flag, List<String> usual) {
    var value = given.get(flag);
    return value == null ? usual : List.of(value.split(",", -1));
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
