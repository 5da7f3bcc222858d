package dev.sallyport.testkit.client;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which clients this machine has, and the environment that AWS clients insist on. */
public final class InstalledClients {
  /** What the guide tells users to export: made-up credentials, and no proxy for the tunnel. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of(
          "AWS_ACCESS_KEY_ID", "tunnel",
          "AWS_SECRET_ACCESS_KEY", "tunnel",
          "AWS_REGION", "us-east-1",
          "AWS_DEFAULT_REGION", "us-east-1",
          "AWS_PAGER", "",
          "NO_PROXY", "localhost,127.0.0.1");

  private static final Pattern AWS_VERSION = Pattern.compile("aws-cli/(\\d+)\\.(\\d+)\\.");
  private static final String BOTO3 =
      "import boto3; print([int(n) for n in boto3.__version__.split('.')[:2]] >= [1, 28])";

  private InstalledClients() {}

  /**
   * An AWS CLI that starts.
   *
   * @param command its path
   */
  public record AwsCli(String command, int major, int minor) {
    /** Whether it follows {@code AWS_ENDPOINT_URL_DYNAMODB}; older ones ignore it. */
    public boolean readsEndpoints() {
      return minor >= (major == 1 ? 29 : 13);
    }
  }

  /** Those on the PATH, the first of each major version. */
  public static List<AwsCli> awsClis() {
    SortedMap<Integer, AwsCli> found = new TreeMap<>();
    Set<Path> seen = new HashSet<>();
    for (Path folder : path()) {
      Path command = folder.resolve("aws");
      if (Files.isExecutable(command) && seen.add(real(command))) {
        Matcher version = AWS_VERSION.matcher(output(List.of(command.toString(), "--version")));
        if (version.lookingAt()) {
          int major = Integer.parseInt(version.group(1));
          int minor = Integer.parseInt(version.group(2));
          found.putIfAbsent(major, new AwsCli(command.toString(), major, minor));
        }
      }
    }
    return List.copyOf(found.values());
  }

  /** The first Python on the PATH that has a boto3 which follows such variables. */
  public static Optional<String> pythonWithBoto3() {
    return path().stream()
        .map(folder -> folder.resolve("python3"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .filter(python -> output(List.of(python, "-c", BOTO3)).startsWith("True"))
        .findFirst();
  }

  private static List<Path> path() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .toList();
  }

  private static Path real(Path command) {
    try {
      return command.toRealPath();
    } catch (IOException e) {
      return command;
    }
  }

  /** What it prints, or nothing where it fails. */
  private static String output(List<String> commandLine) {
    try {
      Process process =
          new ProcessBuilder(commandLine)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "";
      }
      return process.exitValue() == 0 ? printed : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
