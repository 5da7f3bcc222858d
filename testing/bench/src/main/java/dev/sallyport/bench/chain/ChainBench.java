package dev.sallyport.bench.chain;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// Measures the whole chain beside the direct way and beside chains of other programs, in turns.
/// `./dev bench` starts it; [Options#USAGE] has its options.
public final class ChainBench {
  static final String OURS = "sallyport";
  static final String OTHER = "sallyport-before";
  private static final double FIRST_TURN = 3;
  private static final int IDLE_CONNECTIONS = 900;
  private static final int USERS = 200;
  private static final Workload WARM_UP =
      new Workload("warm-up", Workload.Request.GET_SMALL, 16, new Workload.Pace.Closed());

  private final Options options;
  private final PrintStream out;
  private final LoadGenerator generator = new LoadGenerator();
  private final Results results = new Results();
  private final Map<String, Double> peaks = new LinkedHashMap<>();
  private final List<Figure> figures = new ArrayList<>();

  private ChainBench(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /// Runs it; the current folder is the repository.
  public static void main(String[] arguments) throws Exception {
    Options options;
    if (List.of(arguments).contains("--help")) {
      System.out.println(Options.help());
      return;
    }
    try {
      options = Options.parse(arguments);
      options.workloads();
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
      return;
    }
    var folder = Files.createTempDirectory("sallyport-bench");
    try {
      new ChainBench(options, System.out).run(folder);
    } finally {
      delete(folder);
    }
    System.exit(0);
  }

  private void run(Path folder) throws Exception {
    var contenders = new ArrayList<Contender>();
    try (var around = new Surroundings(folder)) {
      try {
        startAll(around, contenders);
        warmUp(contenders);
        for (var load : options.workloads()) {
          measure(load, contenders, around);
          Report.print(results, load.name(), out);
        }
        memory(contenders);
        Report.print(peaks, out);
        if (options.beside()) {
          beside(contenders);
          Report.print(figures, out);
        }
        if (options.report().isPresent()) {
          Report.write(results, peaks, figures, options.report().get());
        }
      } finally {
        contenders.forEach(Contender::close);
        generator.close();
      }
    }
  }

  /// Starts what is wanted and there; says what is not.
  private void startAll(Surroundings around, List<Contender> contenders) throws Exception {
    if (options.wants("direct")) {
      contenders.add(new Direct(around));
    }
    for (var shape : NginxChain.Shape.values()) {
      if (options.wants(shape.contender())) {
        var missing = shape.missing();
        if (missing.isPresent()) {
          say("without %s: %s".formatted(shape.contender(), missing.get()));
        } else {
          contenders.add(new NginxChain(around, shape));
        }
      }
    }
    if (options.wants("haproxy-h2")) {
      var missing = HaproxyChain.missing();
      if (missing.isPresent()) {
        say("without haproxy-h2: " + missing.get());
      } else {
        contenders.add(new HaproxyChain(around));
      }
    }
    if (options.against().isPresent()) {
      contenders.add(
          new SallyportChain(OTHER, around, options.against().get(), options.javaOptions()));
    }
    if (options.wants(OURS)) {
      contenders.add(new SallyportChain(OURS, around, options.home(), options.javaOptions()));
    }
  }

  private void warmUp(List<Contender> contenders) throws Exception {
    for (var contender : contenders) {
      boolean compiles = contender instanceof SallyportChain;
      var sample = generator.run(WARM_UP, contender.target(), compiles ? options.warmUp() : 0.5);
      if (sample.answered() == 0 || sample.failed() > 0) {
        throw new IOException(
            "%s: %d answered, %d failed: %s"
                .formatted(
                    contender.name(), sample.answered(), sample.failed(), sample.firstFailure()));
      }
    }
  }

  /// Each has its turn in each round, in another order; the first round does not count.
  private void measure(Workload load, List<Contender> contenders, Surroundings around)
      throws Exception {
    for (int round = 0; round <= options.rounds(); round++) {
      var turns = new ArrayList<>(contenders);
      Collections.rotate(turns, round);
      for (var contender : turns) {
        long arrived = around.upstream.requests();
        var before = cpu(contender);
        // The first time opens connections, which may take seconds when many are wanted at once.
        double seconds = round == 0 ? Math.max(FIRST_TURN, options.seconds()) : options.seconds();
        var sample = generator.run(load, contender.target(), seconds);
        var after = cpu(contender);
        arrived = around.upstream.requests() - arrived;
        check(load, contender, sample, arrived);
        if (round > 0) {
          results.add(load, contender, Measured.of(sample, before, after));
        }
      }
    }
  }

  /// Says where not every request was asked of the upstream once and answered.
  private void check(
      Workload load, Contender contender, LoadGenerator.Sample sample, long arrived) {
    if (sample.failed() > 0) {
      say(
          "%s, %s: %d requests failed: %s"
              .formatted(load.name(), contender.name(), sample.failed(), sample.firstFailure()));
    }
    if (arrived < sample.answered() || arrived > sample.answered() + load.connections()) {
      say(
          "%s, %s: %d answers, but %d requests at the upstream"
              .formatted(load.name(), contender.name(), sample.answered(), arrived));
    }
  }

  /// What is no load: of ours alone, since nothing else has it.
  private void beside(List<Contender> contenders) throws Exception {
    for (var contender : contenders) {
      if (contender instanceof SallyportChain ours && ours.name().equals(OURS)) {
        tell("memory", () -> Memory.measure(ours, generator));
        tell("idle connections", () -> IdleConnections.measure(ours, IDLE_CONNECTIONS));
        tell("tunnels of many users", () -> UserTunnels.measure(ours, USERS));
        tell("starts", () -> Starts.measure(ours));
        tell("from a lock to a refusal", () -> LockToRefusal.measure(ours));
      }
    }
  }

  /// One that fails takes nothing of what was measured with it.
  private void tell(String what, Callable<List<Figure>> measured) throws InterruptedException {
    try {
      figures.addAll(measured.call());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      say("no figure of %s: %s".formatted(what, e));
    }
  }

  private static Map<String, Double> cpu(Contender contender) throws IOException {
    var seconds = new LinkedHashMap<String, Double>();
    for (var process : contender.processes().entrySet()) {
      seconds.put(process.getKey(), ProcessUse.cpuSeconds(process.getValue()));
    }
    return seconds;
  }

  private void memory(List<Contender> contenders) throws IOException {
    for (var contender : contenders) {
      for (var process : contender.processes().entrySet()) {
        peaks.put(
            contender.name() + " " + process.getKey(),
            ProcessUse.peakMegabytes(process.getValue()));
      }
    }
  }

  private void say(String line) {
    out.println("bench: " + line);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
