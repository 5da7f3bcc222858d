package dev.sallyport.bench.chain;

import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A generic proxy that signs, of Go's HTTP and the AWS SDK's signer: built here, from what a
/// distribution packs.
record Resigner(Path program) {
  /// Where Debian keeps the sources of Go's libraries.
  private static final Path SOURCES = Path.of("/usr/share/gocode");

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /// Why this machine cannot build it, or nothing.
  static Optional<String> missing() {
    if (Programs.find("go").isEmpty()) {
      return Optional.of("no go found (package golang-go)");
    }
    return Files.isDirectory(SOURCES.resolve("src/github.com/aws/aws-sdk-go"))
        ? Optional.empty()
        : Optional.of("no AWS SDK for Go (package golang-github-aws-aws-sdk-go-dev)");
  }

  /// Builds it in a folder, which takes seconds.
  static Resigner built(Path folder) throws IOException {
    var source = folder.resolve("resigner.go");
    Files.writeString(source, Templates.filled("resigner.go", Map.of()), StandardCharsets.US_ASCII);
    var program = folder.resolve("resigner");
    var command =
        List.of(
            Programs.find("go").orElseThrow().toString(),
            "build",
            "-o",
            program.toString(),
            source.toString());
    var environment =
        Map.of(
            "PATH",
            "/usr/bin:/bin",
            "GO111MODULE",
            "off",
            "GOPATH",
            SOURCES.toString(),
            "GOCACHE",
            folder.resolve("go-cache").toString());
    try (var building = RunningProcess.start(command, environment)) {
      building.awaitExit(PATIENCE);
      if (!Files.isExecutable(program)) {
        throw new IOException("the signing proxy is not built:\n" + building.transcript());
      }
    }
    return new Resigner(program);
  }

  /// How it is started.
  List<String> commandLine(int port, Surroundings around) {
    return List.of(
        program.toString(),
        Surroundings.LOOPBACK + ":" + port,
        CannedUpstream.HOST + ":" + around.upstream.port(),
        around.authorityFile.toString());
  }
}
