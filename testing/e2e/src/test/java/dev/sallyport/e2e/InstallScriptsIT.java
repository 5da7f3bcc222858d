package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Proxy's scripts, run by a shell as the guide pipes them into one: a package whose installer
 * is a stand-in, and a systemctl that writes down what it is told; all else is real.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class InstallScriptsIT {
  private static final String PACKAGE = "sallyport-v1.0.0-linux-amd64-bin.tar.gz";

  private final Path folder;
  private final Path host;
  private final GuideSite guide;

  InstallScriptsIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.host = folder.resolve("host");
    Files.createDirectories(host.resolve("bin"));
    guide = new GuideSite(folder);
  }

  @BeforeAll
  void start() throws IOException {
    guide.startCluster();
    pack("");
  }

  @AfterAll
  void stop() {
    guide.close();
  }

  @Test
  void theGuidesLineInstallsThePackageOfTheProxyAndNoOther() throws IOException {
    String line = "curl -sS https://" + guide.site.proxyAddress() + "/scripts/install.sh";
    CommandResult installed = shell(line + " | sh -s -- --prefix=" + host).orFail();
    assertThat(installed.output())
        .isEqualTo("installed with --prefix=" + host + "\nTeleport 1.0.0 is installed.\n");
    shell(line + " > " + folder.resolve("kept.sh")).orFail();
    pack("# another one\n");
    CommandResult damaged = shell("sh " + folder.resolve("kept.sh") + " --prefix=" + host);
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.errors()).contains(PACKAGE + " is damaged");
    assertThat(damaged.output()).isEmpty();
  }

  @Test
  void aHostBecomesADatabaseServiceByOneLine() throws IOException {
    guide.createRole();
    String token = "5f0c0ffee5f0c0ffee5f0c0ffee5f0c0";
    Path tokenFile =
        guide.site.write(
            "token.yaml",
            """
            kind: token
            version: v2
            metadata: {name: %s}
            spec:
              roles: [Db]
              join_method: token
              suggested_agent_matcher_labels: {env: [dev]}
            """
                .formatted(token));
    guide.site.tctl("create", "-f", tokenFile.toString()).orFail();
    Path config = host.resolve("teleport.yaml");
    String line =
        ("curl -sS https://%s/scripts/%s/install-database.sh"
                + " | sed -e 's|/etc/teleport.yaml|%s|' -e 's|/var/lib/teleport|%s|'"
                + " -e 's|/usr/local/bin|%s|' -e 's|/etc/systemd/system|%s|' | sh")
            .formatted(
                guide.site.proxyAddress(),
                token,
                config,
                host.resolve("state"),
                host.resolve("bin"),
                host);
    CommandResult done = shell(line).orFail();
    assertThat(done.output()).contains("its Database Service was started");
    assertThat(host.resolve("systemctl.log")).hasContent("daemon-reload\nenable --now teleport\n");
    assertThat(host.resolve("teleport.service"))
        .content()
        .contains("ExecStart=" + host.resolve("bin/teleport") + " start");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(config)).doesNotContain(token).contains("env: dev");
    assertThat(shell(line).errors()).contains("is there already, and is not replaced");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("data_dir: /var/lib/teleport", "data_dir: " + host.resolve("state")));
    try (RunningProcess agent = guide.site.startService(config, guide.agentEnvironment())) {
      agent.awaitLine("\\[DB\\] Service is serving no database yet");
    }
  }

  @Test
  void aTokenThatHasEndedIsTold() throws IOException {
    CommandResult told =
        shell(
            "curl -sS https://"
                + guide.site.proxyAddress()
                + "/scripts/0123456789abcdef/install-database.sh | sh");
    assertThat(told.exitCode()).isEqualTo(1);
    assertThat(told.errors()).contains("install: the token is not valid");
  }

  /** The package of the Proxy: its installer links the program that is tested. */
  private void pack(String more) throws IOException {
    Path packages = Files.createDirectories(folder.resolve("cluster/packages"));
    executable(
        folder.resolve("pack/teleport/install"),
        """
        #!/bin/sh
        echo "installed with $*"
        ln -sf %s/bin/teleport %s/bin/teleport
        """
                .formatted(GuideFiles.installation(), host)
            + more);
    executable(host.resolve("bin/id"), "#!/bin/sh\necho 0\n");
    executable(
        host.resolve("bin/systemctl"),
        "#!/bin/sh\necho \"$*\" >>" + host.resolve("systemctl.log") + "\n");
    shell("tar -czf %s -C %s teleport".formatted(packages.resolve(PACKAGE), folder.resolve("pack")))
        .orFail();
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private CommandResult shell(String line) throws IOException {
    String environment =
        "export PATH=%s:$PATH CURL_CA_BUNDLE=%s; "
            .formatted(host.resolve("bin"), folder.resolve("public-ca.pem"));
    return Installation.at(GuideFiles.installation())
        .runAny(List.of("sh", "-c", environment + line));
  }
}
