package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code ./dev dist --arch --jmods} takes for another processor, before and after it builds:
 * modules that say to be for it and of the JDK's version, and machine code for it alone. The
 * modules are of this test's Java, written anew with what they are to say.
 */
final class CrossPackageIT {
  private final Path home = Path.of(System.getProperty("java.home"));
  private final Path folder;

  CrossPackageIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void modulesForAnotherProcessorAreRefused() throws IOException {
    String version = System.getProperty("java.version");
    Path amd64 = modules("amd64", "linux-amd64", version);
    Path arm64 = modules("arm64", "linux-aarch64", version);
    refused(
        "arm64",
        amd64,
        "is for linux-amd64, and a package for arm64 takes modules for linux-aarch64");
    refused(
        "amd64",
        arm64,
        "is for linux-aarch64, and a package for amd64 takes modules for linux-amd64");
    check("amd64", amd64).orFail();
    check("arm64", arm64).orFail();
  }

  @Test
  void modulesOfAnotherJavaAreRefused() throws IOException {
    Path older = modules("older", "linux-aarch64", "17.0.15");
    refused("arm64", older, "has java.base@17.0.15, and the JDK that links is 25");
    refused(
        "arm64",
        folder,
        "has no java.base.jmod: it is to be the folder jmods of a JDK for linux-aarch64");
  }

  @Test
  void machineCodeForAnotherProcessorEndsTheBuild() throws IOException {
    Path installed = GuideFiles.installation();
    CommandResult other =
        run("bin/java", GuideFiles.repository() + "/tools/Natives.java", installed + "", "aarch64");
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.errors())
        .containsPattern(
            "netty-tcnative-.*\\.so is for another processor \\(machine 62, not 183\\)")
        .contains("dist: this is no package for aarch64\n")
        .contains("libnetty_transport_native_epoll is missing");
    assertThat(
            run("bin/java", GuideFiles.repository() + "/tools/Natives.java", home + "", "x86_64")
                .errors())
        .as("a JDK has no library of Netty, and all that it has is for x86-64")
        .contains("libnetty_tcnative is missing")
        .doesNotContain("another processor", "libjvm.so");
  }

  private Path modules(String name, String platform, String version) throws IOException {
    Path classes = folder.resolve(name + "-classes");
    Path all = Path.of(URI.create("jrt:/java.base"));
    try (Stream<Path> folders = Files.walk(all).filter(Files::isDirectory)) {
      for (Path one : folders.toList()) {
        copyOneClass(all, one, classes);
      }
    }
    Path to = Files.createDirectories(folder.resolve(name));
    run(
            "bin/jmod",
            "create",
            "--class-path=" + classes,
            "--target-platform=" + platform,
            "--module-version=" + version,
            to.resolve("java.base.jmod").toString())
        .orFail();
    return to;
  }

  /** A module has to have something in each package that it exports. */
  private static void copyOneClass(Path all, Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      Optional<Path> first = files.filter(file -> file.toString().endsWith(".class")).findFirst();
      if (first.isPresent()) {
        Path copy = to.resolve(all.relativize(first.get()).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(first.get(), copy);
      }
    }
  }

  private void refused(String processor, Path modules, String why) throws IOException {
    CommandResult refused = check(processor, modules);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors()).startsWith("dist: " + modules).contains(why);
  }

  private CommandResult check(String processor, Path modules) throws IOException {
    String assemble = GuideFiles.repository() + "/dist/assemble";
    return finish(
        List.of(
            assemble, folder.resolve("out").toString(), processor, modules.toString(), "check"));
  }

  private CommandResult run(String program, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(home.resolve(program).toString()));
    line.addAll(List.of(arguments));
    return finish(line);
  }

  private CommandResult finish(List<String> line) throws IOException {
    Map<String, String> environment = Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", home.toString());
    try (RunningProcess process = RunningProcess.start(line, environment)) {
      return process.finish("", Duration.ofMinutes(1));
    }
  }
}
