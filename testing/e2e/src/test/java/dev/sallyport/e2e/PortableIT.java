package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.ControlJson;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The zip of {@code ./dev dist} for any Java 25, with nothing but that Java: its {@code tsh} signs
 * in and opens a tunnel, its {@code tctl} asks the cluster, and neither maps a library of Netty.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PortableIT {
  private static final String ARCHIVE = "sallyport-v1.0.0-portable.zip";
  private static final List<String> PROGRAMS = List.of("tctl", "tsh");

  private final Path archive = MadePackages.archive(ARCHIVE);
  private final Path folder;
  private final Path home;
  private final GuideSite guide;

  PortableIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    home = folder.resolve("a folder/sallyport");
    unpack();
    guide = new GuideSite(folder);
  }

  @BeforeAll
  void start() throws Exception {
    guide.startCluster();
    guide.createRole();
    guide.addAlice("access,editor,aws-dynamodb-access");
    guide.joinAgent();
  }

  @AfterAll
  void stop() {
    guide.close();
  }

  /** With the permissions that the archive has. */
  private void unpack() throws IOException {
    try (FileSystem zip =
            FileSystems.newFileSystem(archive, Map.of("enablePosixFileAttributes", "true"));
        Stream<Path> all = Files.walk(zip.getPath("/sallyport"))) {
      for (Path entry : all.filter(Files::isRegularFile).toList()) {
        Path to = home.resolve(zip.getPath("/sallyport").relativize(entry).toString());
        Files.createDirectories(to.getParent());
        Files.copy(entry, to);
        Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(entry));
      }
    }
  }

  private RunningProcess start(Map<String, String> more, String program, String... arguments)
      throws IOException {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("HOME", folder.resolve("alice").toString());
    environment.put("SSL_CERT_FILE", folder.resolve("public-ca.pem").toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.putAll(more);
    Stream<String> line =
        Stream.concat(
            Stream.of(home.resolve("bin").resolve(program).toString()), Stream.of(arguments));
    return RunningProcess.start(line.toList(), environment);
  }

  private CommandResult run(Map<String, String> more, String program, String... arguments)
      throws IOException {
    try (RunningProcess process = start(more, program, arguments)) {
      return process.finish("", Installation.PATIENCE);
    }
  }

  @Test
  void theProgramsRunWithAJavaOfJavaHomeOrPath() throws IOException {
    Path links = Files.createDirectories(folder.resolve("links"));
    for (String program : PROGRAMS) {
      CommandResult version = run(Map.of(), program, "version").orFail();
      assertThat(version.output()).startsWith("Sallyport v1.0.0 java");
      assertThat(version.errors()).isEmpty();
      Files.createSymbolicLink(links.resolve(program), home.resolve("bin").resolve(program));
    }
    Files.createSymbolicLink(
        links.resolve("java"), Path.of(System.getProperty("java.home"), "bin/java"));
    Map<String, String> onPath = Map.of("JAVA_HOME", "", "PATH", links + ":/usr/bin:/bin");
    assertThat(run(onPath, "tsh", "version").orFail().output()).startsWith("Sallyport v1.0.0 java");
    assertThat(run(onPath, "../../../links/tsh", "version").orFail().output())
        .as("by a link")
        .startsWith("Sallyport v1.0.0 java");
  }

  @Test
  void anOlderJavaIsRefusedAndNamed() throws IOException {
    Path old = folder.resolve("old java");
    program(old.resolve("bin/java"), "echo 'openjdk version \"21.0.4\" 2024-07-16' >&2");
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.12\"\n");
    Path older = folder.resolve("older");
    program(older.resolve("java"), "echo 'java version \"1.8.0_292\"' >&2");
    for (String program : PROGRAMS) {
      Map<String, String> both =
          Map.of("JAVA_HOME", old.toString(), "PATH", older + ":/usr/bin:/bin");
      CommandResult refused = run(both, program, "version");
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.output()).isEmpty();
      assertThat(refused.errors())
          .isEqualTo(
              program
                  + ": needs Java 25 or newer, and found none: JAVA_HOME="
                  + old
                  + " is Java 17; "
                  + older.resolve("java")
                  + " is Java 8. Install one, for example Temurin 25, or set JAVA_HOME to where it"
                  + " is.\n");
      Files.delete(old.resolve("release"));
      assertThat(run(both, program, "version").errors()).contains(old + " is Java 21;");
      Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.12\"\n");
    }
  }

  private static void program(Path file, String line) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aUserSignsInAndListsTablesWithJavasOwnTlsAndSockets() throws Exception {
    PackagedUser alice = new PackagedUser(guide, line -> start(Map.of(), "tsh", line));
    alice.login();
    assertThat(run(Map.of(), "tctl", "get", "roles").orFail().output())
        .as("with the login of tsh")
        .contains("name: aws-dynamodb-access");
    int port = FreePorts.next();
    try (RunningProcess tunnel = alice.openTunnel(port);
        DynamoDbClient client = SdkClients.dynamoDb(URI.create("http://localhost:" + port))) {
      assertThat(client.listTables().tableNames()).hasSize(3);
      List<String> mapped = Files.readAllLines(Path.of("/proc/" + tunnel.pid() + "/maps"));
      assertThat(mapped).as("a process of Java").anyMatch(line -> line.endsWith("/libjvm.so"));
      assertThat(mapped).noneMatch(line -> line.contains("netty"));
    }
  }

  @Test
  void theAdministratorAsksTheClusterOfItsHost() throws IOException {
    CommandResult status =
        run(Map.of(), "tctl", "-c", guide.site.clusterFile().toString(), "status").orFail();
    assertThat(status.output()).containsPattern("CA pin   sha256:[0-9a-f]{64}\n");
    assertThat(status.errors()).isEmpty();
  }

  private List<Path> inLib(String ending) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  @Test
  void nothingInItIsForOneSystemAlone() throws IOException {
    List<Path> jars = inLib(".jar");
    assertThat(jars).hasSizeGreaterThan(25);
    // What Java is told is text, and nothing else lies there.
    List<Path> options = inLib(".options");
    assertThat(options)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("command.options", "portable.options", "short.options", "tunnel.options");
    assertThat(inLib("")).hasSize(jars.size() + options.size());
    for (Path jar : jars) {
      try (FileSystem opened = FileSystems.newFileSystem(jar);
          Stream<Path> entries = Files.walk(opened.getPath("/"))) {
        assertThat(entries.map(Path::toString))
            .as(jar.toString())
            .noneMatch(entry -> entry.matches(".*\\.(so|dll|dylib|jnilib)"));
      }
    }
    for (String program : PROGRAMS) {
      String forWindows = Files.readString(home.resolve("bin/" + program + ".cmd"));
      assertThat(forWindows.replace("\r\n", "")).doesNotContain("\n", "\r", "@PROGRAM", "@MAIN");
    }
  }

  @Test
  void itTellsItsPartsAndTheirChecksums() throws IOException {
    var bom = ControlJson.MAPPER.readTree(Files.readString(home.resolve("sbom.cdx.json")));
    List<String> told =
        bom.path("components")
            .valueStream()
            .map(part -> part.path("name").asString() + "-" + part.path("version").asString())
            .sorted()
            .toList();
    assertThat(inLib(".jar"))
        .extracting(jar -> jar.getFileName().toString().replaceAll("\\.jar$", ""))
        .containsExactlyElementsOf(told);
    Files.readString(home.resolve("licenses/THIRD-PARTY.txt"))
        .lines()
        .filter(line -> line.startsWith("    licenses/"))
        .forEach(line -> assertThat(home.resolve(line.strip())).exists());
    Installation host = Installation.at(GuideFiles.installation());
    host.runAny(List.of("sh", "-c", "cd '" + home + "' && sha256sum -c --status SHA256SUMS"))
        .orFail();
    host.runAny(
            List.of(
                "sh",
                "-c",
                "cd '" + archive.getParent() + "' && sha256sum -c --status " + ARCHIVE + ".sha256"))
        .orFail();
  }
}
