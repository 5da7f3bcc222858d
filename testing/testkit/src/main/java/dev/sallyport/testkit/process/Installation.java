package dev.sallyport.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A folder with the three commands in {@code bin/}, and the environment they are started with. The
 * environment starts from nothing but {@code PATH} and the Java to use (a package's own, where it
 * has one), so that no credential or setting of the machine reaches a test.
 */
public final class Installation {
  /** The longest that a command which is expected to end may run. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * No process of a test or of the demo lives long enough to earn what the second compiler costs: a
   * third of the processor time of a start.
   */
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

  private static final String OPTIONS = "SALLYPORT_JAVA_OPTS";

  private final Path home;
  private final Map<String, String> environment;

  private Installation(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = environment;
  }

  /** The installation under {@code home}, which must hold {@code bin/teleport}. */
  public static Installation at(Path home) {
    if (!Files.isExecutable(home.resolve("bin/teleport"))) {
      throw new IllegalArgumentException(
          "no installation at " + home + " (expected bin/teleport; run ./dev build)");
    }
    Map<String, String> base = new HashMap<>();
    if (!Files.isDirectory(home.resolve("runtime"))) {
      base.put("SALLYPORT_JAVA_HOME", System.getProperty("java.home"));
    }
    base.put(OPTIONS, SHORT_LIVED);
    base.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    base.put("LANG", "C.UTF-8");
    base.put("AWS_EC2_METADATA_DISABLED", "true");
    return new Installation(home.toAbsolutePath(), base);
  }

  /** The same commands with more environment; an empty value is kept, later values win. */
  public Installation with(Map<String, String> more) {
    Map<String, String> merged = new HashMap<>(environment);
    merged.putAll(more);
    return new Installation(home, merged);
  }

  /** The full path of one of the commands. */
  public String command(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  /** Starts a command of this installation; the caller closes the process. */
  public RunningProcess start(String name, List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(command(name));
    line.addAll(arguments);
    return RunningProcess.start(line, prepared(name));
  }

  /** The environment with the start that was prepared for this command, where one was. */
  private Map<String, String> prepared(String name) {
    Path cache = home.resolve("lib").resolve(name + ".aot");
    // The launchers of a package find theirs; and no option can hold a space.
    if (Files.isDirectory(home.resolve("runtime"))
        || !Files.isRegularFile(cache)
        || cache.toString().contains(" ")) {
      return environment;
    }
    Map<String, String> merged = new HashMap<>(environment);
    merged.merge(
        OPTIONS,
        "-XX:AOTCache=" + cache + " -Xlog:aot*=off,cds*=off",
        (options, more) -> options + " " + more);
    return merged;
  }

  /** Starts any program with this environment; the caller closes the process. */
  public RunningProcess startAny(List<String> commandLine) throws IOException {
    return RunningProcess.start(commandLine, environment);
  }

  /** Runs a command to its end with {@code input} as its standard input. */
  public CommandResult run(String input, String name, String... arguments) throws IOException {
    try (RunningProcess process = start(name, List.of(arguments))) {
      return process.finish(input, PATIENCE);
    }
  }

  /** Runs any program to its end with this environment. */
  public CommandResult runAny(List<String> commandLine) throws IOException {
    try (RunningProcess process = startAny(commandLine)) {
      return process.finish("", PATIENCE);
    }
  }
}
