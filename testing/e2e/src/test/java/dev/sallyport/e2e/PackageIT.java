package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.ControlJson;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The package of {@code ./dev dist}, unpacked and installed on a host that has a shell and no Java.
 * {@code ./dev check --long} makes the package first.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PackageIT {
  private static final String VERSION = "1.0.0";
  private static final List<String> PROGRAMS = List.of("teleport", "tctl", "tsh");
  private static final String SAID = "Sallyport v" + VERSION + " java25";

  private final Path archive =
      MadePackages.archive("sallyport-v" + VERSION + "-linux-amd64-bin.tar.gz");
  private final CleanRoot host;
  private CommandResult installed = new CommandResult("not yet", 1, "", "");

  PackageIT(@TempDir Path folder) throws IOException {
    host = MadePackages.root(folder.resolve("root"));
  }

  @BeforeAll
  void install() throws IOException {
    host.unpack(archive, "/root");
    installed = host.run("/root/teleport/install").orFail();
  }

  @Test
  void theInstallerSaysWhatTheGuideShows() {
    assertThat(installed.output())
        .isEqualTo("Teleport binaries have been copied to /usr/local/bin\n");
  }

  @Test
  void theProgramsRunWhereThereIsNoJava() throws IOException {
    assertThat(host.shell("command -v java").exitCode()).isNotZero();
    for (String program : PROGRAMS) {
      CommandResult version = host.run(program, "version").orFail();
      assertThat(version.output()).startsWith(SAID);
      assertThat(version.errors()).isEmpty();
      assertThat(host.run("/root/teleport/" + program, "version").orFail().output())
          .as("from the unpacked folder")
          .isEqualTo(version.output());
    }
  }

  @Test
  void aClusterRunsAndAnswersItsAdministrator() throws IOException {
    Path file = host.at("/etc/teleport.yaml");
    String web = "127.0.0.1:" + FreePorts.next();
    Files.writeString(
        file,
        Files.readString(host.at("/root/teleport/examples/cluster.yaml"))
            .replaceAll("(?m)^ *(#.*|https_keypairs:|- cert_file:.*|key_file:.*)\\n", "")
            .replace("127.0.0.1:3025", "127.0.0.1:" + FreePorts.next())
            .replace("0.0.0.0:443", web));
    try (RunningProcess cluster = host.start("teleport", "start")) {
      cluster.awaitLine("\\[PROXY\\].*listening on " + web);
      assertThat(cacheOf(cluster)).isEqualTo("teleport");
      assertThat(host.run("tctl", "status").orFail().output())
          .contains("Cluster  teleport.example.com\n", "Version  " + VERSION + "\n")
          .containsPattern("CA pin   sha256:[0-9a-f]{64}\n");
      CommandResult login = host.run("tsh", "login", "--proxy=" + web, "--user=alice");
      assertThat(login.exitCode()).isEqualTo(1);
      assertThat(login.errors()).as("TLS was spoken").contains("ca-pin");
    }
  }

  /** The cache that a running process was started with. */
  private static String cacheOf(RunningProcess process) throws IOException {
    Matcher option =
        Pattern.compile("-XX:AOTCache=[^\0]*/([^/\0]*)\\.aot\0")
            .matcher(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")));
    return option.find() ? option.group(1) : "none";
  }

  /** The configuration of an example, for a cluster that is not there: the process waits for it. */
  private void writeAlone(String example, String name, UnaryOperator<String> changed)
      throws IOException {
    String nobody = "127.0.0.1:" + FreePorts.next();
    Files.writeString(
        host.at("/root/" + name + ".yaml"),
        changed.apply(
            Files.readString(host.at("/root/teleport/examples/" + example + ".yaml"))
                .replaceAll("(?m)^ *(ca_pin:.*|https_keypairs:|- cert_file:.*|key_file:.*)\\n", "")
                .replaceAll("(auth|proxy)_server: .*", "$1_server: " + nobody)
                .replace("/tmp/token", "x\n  ca_pin: sha256:" + "0".repeat(64))
                .replace("/var/lib/teleport", "/root/" + name)));
  }

  /** Starts it, and tells which cache its process has. */
  private String cacheOfAlone(String name) throws IOException {
    try (RunningProcess started =
        host.start(
            "env",
            "AWS_EC2_METADATA_DISABLED=true",
            "teleport",
            "start",
            "-c",
            "/root/" + name + ".yaml")) {
      started.awaitLine("waits to join the cluster");
      return cacheOf(started);
    }
  }

  @Test
  void aServiceAloneStartsFromTheCacheOfItsOwnOrWithoutIt() throws IOException {
    writeAlone("proxy", "teleport-proxy", text -> text);
    writeAlone(
        "agent",
        "teleport-db",
        text -> text.replace("enabled: true", "\"enabled\": 'yes' # only").replace("\n", "\r\n"));
    for (String name : List.of("teleport-proxy", "teleport-db")) {
      Path cache = host.at("/usr/local/lib/sallyport/" + VERSION + "/lib/" + name + ".aot");
      assertThat(cache).as("made by the installer").isNotEmptyFile();
      assertThat(cacheOfAlone(name)).isEqualTo(name);
      Path kept = cache.resolveSibling("kept");
      Files.move(cache, kept);
      try {
        assertThat(cacheOfAlone(name)).as("where it is missing").isEqualTo("teleport");
        Files.copy(Path.of("/bin/sh"), cache);
        assertThat(cacheOfAlone(name)).as("where it does not fit").isEqualTo(name);
      } finally {
        Files.move(kept, cache, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Test
  void theShellCompletesCommandsAndFlags() throws IOException {
    Path scripts = host.at("/usr/local/share/bash-completion/completions");
    for (String program : PROGRAMS) {
      assertThat(Files.readSymbolicLink(scripts.resolve(program)).toString())
          .startsWith("../../../lib/sallyport/" + VERSION + "/");
      String words =
          switch (program) {
            case "teleport" -> "star";
            case "tctl" -> "lock --mfa";
            default -> "proxy db --tun";
          };
      assertThat(completed(scripts.resolve(program).toRealPath(), program, words))
          .isEqualTo(
              switch (program) {
                case "teleport" -> "start\n";
                case "tctl" -> "--mfa-device\n";
                default -> "--tunnel\n";
              });
    }
  }

  @Test
  void thereIsAManualPageOfEachProgram() throws IOException {
    for (String program : PROGRAMS) {
      Path page = host.at("/usr/local/share/man/man1/" + program + ".1");
      assertThat(Files.readSymbolicLink(page).toString())
          .startsWith("../../../lib/sallyport/" + VERSION + "/");
      assertThat(
              host.shell("read -r line </usr/local/share/man/man1/" + program + ".1; echo $line")
                  .output())
          .startsWith(".TH \"" + program.toUpperCase(Locale.ROOT) + "\" \"1\"");
    }
  }

  /** What bash of this host offers for the last of the words, by one of the package's scripts. */
  private String completed(Path script, String program, String words) throws IOException {
    String line =
        "source %s; COMP_WORDS=(%s %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _complete_%s"
                .formatted(script, program, words, program)
            + " 2>/dev/null; echo ${COMPREPLY[@]}";
    return Installation.at(GuideFiles.installation())
        .runAny(List.of("bash", "-c", line))
        .orFail()
        .output();
  }

  @Test
  void aCacheThatDoesNotFitChangesNothingThatIsSeen() throws IOException {
    host.shell("cp -R /usr/local/lib/sallyport/" + VERSION + " /tmp/copy").orFail();
    for (String program : PROGRAMS) {
      String cache = "/tmp/copy/lib/" + program + ".aot";
      assertThat(host.at(cache)).as("made by the installer").isNotEmptyFile();
      for (String harm :
          List.of(
              "tail -c 1000000 " + cache + " >/tmp/part && cp /tmp/part " + cache,
              "cat /bin/sh >" + cache,
              "rm " + cache)) {
        CommandResult version =
            host.shell(harm + " && /tmp/copy/bin/" + program + " version").orFail();
        assertThat(version.output()).as(harm).startsWith(SAID);
        assertThat(version.errors()).as(harm).isEmpty();
      }
    }
    for (String options : List.of("-XX:+UseCompactObjectHeaders", "-Xshare:auto", "-Xshare:off")) {
      CommandResult other = host.shell("SALLYPORT_JAVA_OPTS=" + options + " tsh version").orFail();
      assertThat(other.output()).as(options).startsWith(SAID);
      assertThat(other.errors()).as(options).isEmpty();
    }
  }

  @Test
  void theInstallerLeavesOtherProgramsAndRefusesADamagedPackage() throws IOException {
    host.shell("mkdir -p /opt/a/bin && echo other >/opt/a/bin/tsh").orFail();
    CommandResult others = host.run("/root/teleport/install", "--no-caches", "--prefix=/opt/a");
    assertThat(others.exitCode()).isEqualTo(1);
    assertThat(others.errors()).contains("/opt/a/bin/tsh is not Sallyport's");
    assertThat(host.at("/opt/a/lib")).doesNotExist();
    host.run("/root/teleport/install", "--no-caches", "--prefix=/opt/a", "--force").orFail();
    assertThat(host.run("/opt/a/bin/tsh", "version").orFail().output()).startsWith(SAID);
    host.run("/root/teleport/install", "--no-caches", "--prefix=/opt/a").orFail();

    host.shell("cp -R /root/teleport /tmp/damaged && echo x >>/tmp/damaged/LICENSE").orFail();
    CommandResult damaged = host.run("/tmp/damaged/install", "--prefix=/opt/b");
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.errors()).contains("damaged");
    assertThat(host.at("/opt/b")).doesNotExist();
  }

  @Test
  void thePackageTellsAllThatIsInIt() throws IOException {
    Path unpacked = host.at("/root/teleport");
    var bom = ControlJson.MAPPER.readTree(Files.readString(unpacked.resolve("sbom.cdx.json")));
    assertThat(bom.path("bomFormat").asString()).isEqualTo("CycloneDX");
    List<String> parts =
        bom.path("components").valueStream().map(part -> part.path("bom-ref").asString()).toList();
    assertThat(parts).contains("java-runtime").anyMatch(part -> part.startsWith("pkg:npm/react@"));
    String licences = Files.readString(unpacked.resolve("licenses/THIRD-PARTY.txt"));
    List<String> jars;
    try (Stream<Path> files = Files.list(unpacked.resolve("lib"))) {
      jars =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".jar"))
              .toList();
    }
    assertThat(jars).hasSizeGreaterThan(100);
    List<String> told =
        bom.path("components")
            .valueStream()
            .map(part -> part.path("name").asString() + "-" + part.path("version").asString())
            .toList();
    for (String jar : jars) {
      assertThat(told).as(jar).anyMatch(jar::startsWith);
    }
    for (String line : licences.lines().filter(one -> one.startsWith("    licenses/")).toList()) {
      assertThat(unpacked.resolve(line.strip())).exists();
    }
    assertThat(host.shell("cd /root/teleport && sha256sum -c --status SHA256SUMS").exitCode())
        .isZero();
    assertThat(Files.readString(archive.resolveSibling(archive.getFileName() + ".sha256")))
        .matches("[0-9a-f]{64}  " + archive.getFileName() + "\n");
  }
}
