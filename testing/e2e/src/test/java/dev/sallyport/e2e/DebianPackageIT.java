package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The {@code .deb} of {@code ./dev dist}, put by dpkg on a host that has a shell and no Java, and
 * taken away again. A systemctl that writes down what it is told stands for systemd.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DebianPackageIT {
  private static final String VERSION = "1.0.0";
  private static final String NAME = "sallyport_" + VERSION + "_amd64.deb";
  private static final List<String> PROGRAMS = List.of("teleport", "tctl", "tsh");
  private static final String LOG = "/root/systemctl.log";

  private final Path archive = MadePackages.archive(NAME);
  private final Path folder;
  private final CleanRoot host;

  DebianPackageIT(@TempDir Path folder) throws IOException {
    MadePackages.need(Files.isExecutable(Path.of("/usr/bin/dpkg")), "this machine has dpkg");
    this.folder = folder;
    host = hostWithSystemd("host");
  }

  private CleanRoot hostWithSystemd(String name) throws IOException {
    CleanRoot made = MadePackages.root(folder.resolve(name));
    Files.createDirectories(made.at("/run/systemd/system"));
    made.program("/usr/bin/systemctl", "echo \"$*\" >>" + LOG);
    return made;
  }

  @BeforeAll
  void install() throws IOException {
    host.dpkg("--install", archive.toString()).orFail();
  }

  @Test
  void theProgramsRunWhereThereIsNoJava() throws IOException {
    for (String program : PROGRAMS) {
      CommandResult version = host.run(program, "version").orFail();
      assertThat(version.output()).startsWith("Sallyport v" + VERSION + " java25");
      assertThat(version.errors()).isEmpty();
      assertThat(host.at("/usr/share/bash-completion/completions/" + program)).isNotEmptyFile();
      assertThat(
              host.shell("gzip -dc /usr/share/man/man1/" + program + ".1.gz | sed 1q")
                  .orFail()
                  .output())
          .startsWith(".TH ");
    }
    CommandResult prepared = host.shell("SALLYPORT_JAVA_OPTS=-Xshare:on tsh version").orFail();
    assertThat(prepared.output()).as("with the JDK's prepared classes").startsWith("Sallyport v");
  }

  @Test
  void theServiceIsThereAndNeitherEnabledNorStarted() throws IOException {
    assertThat(host.at(LOG)).hasContent("--system daemon-reload\n");
    String unit = Files.readString(host.at("/usr/lib/systemd/system/teleport.service"));
    assertThat(unit)
        .contains("ExecStart=/usr/bin/teleport start --config /etc/teleport.yaml")
        .isEqualTo(host.run("/usr/bin/teleport", "install", "systemd").orFail().output());
    assertThat(host.at("/etc/teleport.yaml")).doesNotExist();
    assertThat(host.at("/etc/systemd")).doesNotExist();
  }

  @Test
  void dpkgReadsWhatItIsAndToWhomFilesBelong() throws IOException {
    assertThat(onThisMachine("dpkg-deb", "--field", archive.toString()))
        .contains(
            "Package: sallyport\n",
            "Version: " + VERSION + "\n",
            "Architecture: amd64\n",
            "Depends: libc6 (>= ",
            "Recommends: ca-certificates\n");
    assertThat(onThisMachine("dpkg-deb", "--contents", archive.toString()).lines())
        .hasSizeGreaterThan(300)
        .allMatch(line -> line.matches("(-rw-r--r--|[-d]rwxr-xr-x|lrwxrwxrwx) root/root .*"))
        .noneMatch(line -> line.contains(" ./etc/") || line.contains(" ./var/"));
    assertThat(onThisMachine("dpkg-deb", "--ctrl-tarfile", archive.toString()))
        .contains("md5sums", "postinst", "prerm", "postrm")
        .doesNotContain("conffiles");
    assertThat(host.dpkg("--verify", "sallyport").orFail().output())
        .as("files that differ from their checksums")
        .isEmpty();
    assertThat(Files.readString(archive.resolveSibling(NAME + ".sha256")))
        .isEqualTo(
            onThisMachine("sh", "-c", "cd " + archive.getParent() + " && sha256sum " + NAME));
  }

  private static String onThisMachine(String... command) throws IOException {
    return Installation.at(GuideFiles.installation()).runAny(List.of(command)).orFail().output();
  }

  @Test
  void anUpdateStartsARunningServiceAnewAndMakesCachesOnlyWhereThereWereSome() throws IOException {
    CleanRoot updated = hostWithSystemd("updated");
    updated.dpkg("--install", archive.toString()).orFail();
    updated.dpkg("--install", archive.toString()).orFail();
    assertThat(updated.at(LOG))
        .hasContent(
            "--system daemon-reload\n--system daemon-reload\ntry-restart teleport.service\n");
    Path cache = updated.at("/usr/lib/sallyport/lib/teleport.aot");
    assertThat(cache).doesNotExist();

    Files.writeString(cache, "of an older version");
    updated.dpkg("--install", archive.toString()).orFail();
    assertThat(cache).satisfies(made -> assertThat(Files.size(made)).isGreaterThan(1_000_000));
    assertThat(updated.run("tsh", "version").orFail().output()).startsWith("Sallyport v");
  }

  @Test
  void aRemovalLeavesNothingButTheOwnersData() throws IOException {
    CleanRoot removed = hostWithSystemd("removed");
    Set<String> before = files(removed);
    removed.dpkg("--install", archive.toString()).orFail();
    Files.writeString(removed.at("/etc/teleport.yaml"), "version: v3\n");
    Files.writeString(
        Files.createDirectories(removed.at("/var/lib/teleport")).resolve("data"), "keys");
    Files.writeString(removed.at("/usr/lib/sallyport/lib/tsh.aot"), "a cache");

    removed.dpkg("--remove", "sallyport").orFail();
    assertThat(removed.at(LOG))
        .hasContent(
            """
            --system daemon-reload
            stop teleport.service
            --no-reload disable teleport.service
            --system daemon-reload
            """);
    removed.dpkg("--purge", "sallyport").orFail();
    Set<String> left = files(removed);
    left.removeAll(before);
    assertThat(left)
        .containsExactlyInAnyOrder(
            "/etc/teleport.yaml", "/var/lib/teleport", "/var/lib/teleport/data", LOG);
  }

  /** All of a root but dpkg's own records. */
  private static Set<String> files(CleanRoot root) throws IOException {
    try (Stream<Path> all = Files.walk(root.at("/"))) {
      return all.map(file -> "/" + root.at("/").relativize(file))
          .filter(file -> !file.startsWith("/var/lib/dpkg"))
          .filter(file -> !Set.of("/var", "/var/lib").contains(file))
          .collect(Collectors.toSet());
    }
  }
}
