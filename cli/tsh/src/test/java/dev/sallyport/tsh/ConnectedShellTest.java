package dev.sallyport.tsh;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.contentOf;
import static org.awaitility.Awaitility.await;

import dev.sallyport.console.Console;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `tsh db connect` without a program. It runs in a process of its own, since the shell takes the
/// process's input.
final class ConnectedShellTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path home;

  /// That process: a login, then the command.
  static final class Connecting {
    private Connecting() {}

    public static void main(String[] args) {
      var clusters = new FakeClusters(() -> NOW);
      var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      var home = Path.of(args[0]);
      TshMain.run(
          console(home, nowhere, nowhere),
          clusters,
          "login",
          "--proxy=127.0.0.1:9",
          "--user=alice");
      System.exit(
          TshMain.run(
              console(home, System.out, System.err),
              clusters,
              "db",
              "connect",
              "example-dynamodb"));
    }

    private static Console console(Path home, PrintStream out, PrintStream err) {
      var password = "correct horse\n".getBytes(StandardCharsets.UTF_8);
      return new Console(
          new ByteArrayInputStream(password), out, err, System.getenv(), home, () -> NOW);
    }
  }

  private Process start(Consumer<Map<String, String>> change) throws IOException {
    var builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile="
                + System.getProperty("logback.configurationFile", "logback-test.xml"),
            "-cp",
            System.getProperty("java.class.path"),
            Connecting.class.getName(),
            home.toString());
    var environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("TELEPORT") || name.startsWith("AWS"));
    environment.put("NO_PROXY", "intranet.example");
    environment.put("AWS_SESSION_TOKEN", "of another account");
    environment.put("AWS_PROFILE", "another");
    change.accept(environment);
    return builder
        .redirectOutput(home.resolve("out").toFile())
        .redirectError(home.resolve("err").toFile())
        .start();
  }

  private static void say(Process process, String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  private int end(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(complained()).isTrue();
    return process.exitValue();
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private String complained() {
    return contentOf(home.resolve("err").toFile());
  }

  private Map<String, String> environment() throws IOException {
    return Files.readAllLines(home.resolve("said")).stream()
        .filter(line -> line.contains("="))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf('=')),
                line -> line.substring(line.indexOf('=') + 1),
                (one, other) -> one,
                TreeMap::new));
  }

  @Test
  void theShellHasTheTunnelAsLongAsItRunsAndItsStatusIsTheCommands() throws Exception {
    var shell = home.resolve("shell");
    Files.writeString(
        shell,
        """
        #!/bin/sh
        echo "arguments: $#"
        printenv > HOME/writing && mv HOME/writing HOME/said
        read line
        exit 3
        """
            .replace("HOME", home.toString()));
    Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("rwx------"));
    var process = start(environment -> environment.put("SHELL", shell.toString()));
    try {
      await()
          .atMost(PATIENCE)
          .until(() -> Files.exists(home.resolve("said")) || !process.isAlive());
      var seen = environment();
      var endpoint = requireNonNull(seen.get("AWS_ENDPOINT_URL_DYNAMODB"));
      assertThat(endpoint).matches("http://localhost:\\d+");
      assertThat(seen)
          .containsEntry("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", endpoint)
          .containsEntry("AWS_ACCESS_KEY_ID", "tunnel")
          .containsEntry("AWS_SECRET_ACCESS_KEY", "tunnel")
          .containsEntry("AWS_REGION", "us-east-1")
          .containsEntry("AWS_DEFAULT_REGION", "us-east-1")
          .containsEntry("NO_PROXY", "localhost,127.0.0.1,intranet.example")
          .containsEntry("no_proxy", "localhost,127.0.0.1,intranet.example")
          .doesNotContainKeys("AWS_SESSION_TOKEN", "AWS_PROFILE");
      assertThat(complained())
          .isEqualTo(
              "Connected to \"example-dynamodb\" as ExampleTeleportDynamoDBRole at "
                  + endpoint
                  + ". AWS clients in this shell use it; leave with exit.\n");
      assertThat(contentOf(home.resolve("out").toFile())).isEqualTo("arguments: 0\n");
      int port = URI.create(endpoint).getPort();
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      say(process, "\n");
      assertThat(end(process)).isEqualTo(3);
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
          .isInstanceOf(ConnectException.class);
    } finally {
      kill(process);
    }
  }

  @Test
  void whereNoShellIsNamedItIsThatOfPosix() throws Exception {
    var process = start(environment -> environment.remove("SHELL"));
    try {
      say(process, "{ echo \"shell=$0\"; printenv; } > '" + home + "/said'; exit 4\n");
      assertThat(end(process)).as(complained()).isEqualTo(4);
      assertThat(environment())
          .containsEntry("shell", "/bin/sh")
          .containsEntry("AWS_ACCESS_KEY_ID", "tunnel");
      assertThat(complained()).startsWith("Connected to \"example-dynamodb\" as ");
    } finally {
      kill(process);
    }
  }
}
