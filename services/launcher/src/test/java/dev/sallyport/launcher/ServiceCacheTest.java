package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.resources.config.TeleportFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The package's script that chooses a cache of classes by the lines of a configuration, beside
/// what the program reads in it.
@DisabledOnOs(OS.WINDOWS)
final class ServiceCacheTest {
  private static final Path SCRIPT = Path.of("../../dist/package/service-cache").toAbsolutePath();
  private static final String ALL = "teleport";
  private static final String PROXY = "teleport-proxy";
  private static final String DATABASES = "teleport-db";

  private static final String VERSION = "version: v3\n";
  private static final String AGENT =
      VERSION
          + "teleport:\n  proxy_server: a.example.com:443\n  auth_token: x\n"
          + "db_service:\n  enabled: true\n";
  private static final String LONE_PROXY =
      VERSION
          + "teleport:\n  auth_server: a.example.com:3025\n  auth_token: x\n"
          + "proxy_service:\n  enabled: true\n  public_addr: a.example.com:443\n";

  @TempDir Path folder = Path.of("never");

  private String chosen(String... arguments) throws IOException, InterruptedException {
    var line = Stream.concat(Stream.of("sh", SCRIPT.toString()), Stream.of(arguments)).toList();
    var shell = new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
    shell.redirectInput(new File("/dev/null"));
    var process = shell.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  private String chosenFor(String text) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("teleport.yaml"), text);
    return chosen("start", "-c", "teleport.yaml");
  }

  private static String fitting(String text) throws StartFailure {
    return switch (ServiceSet.of(TeleportFile.read(text, "teleport.yaml"))) {
      case PROXY -> PROXY;
      case DATABASES -> DATABASES;
      default -> ALL;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "proxy", "auth", "cluster"})
  void theExamplesGetWhatFitsThem(String name) throws Exception {
    var text = Files.readString(Path.of("../../examples").resolve(name + ".yaml"));
    assertThat(chosenFor(text))
        .isEqualTo(fitting(text))
        .isEqualTo(
            switch (name) {
              case "agent" -> DATABASES;
              case "proxy" -> PROXY;
              default -> ALL;
            });
  }

  /// Each is read by both, so that the table can't say what the program does not do.
  @Test
  void oddFormsOfOneServiceAloneAreSeen() throws Exception {
    for (var text :
        List.of(
            AGENT,
            AGENT.replace("\n", "\r\n"),
            AGENT.replace("true", "\"yes\""),
            AGENT.replace("true", "'On' # by \"hand\""),
            AGENT.replace("true", "1#").replace("1#", "1 #"),
            AGENT.replace("db_service:", "\"db_service\" :").replace("enabled:", "'enabled'   :"),
            AGENT.replace("db_service:", "# auth_service:\n\n#  enabled: yes\ndb_service: # all"),
            AGENT.replace("  ", "        "),
            AGENT + "auth_service:\n  enabled: no\nproxy_service:\n  enabled: \"off\"\n",
            AGENT + "ssh_service:\n  enabled: no\n",
            AGENT
                + "  databases:\n  - name: enabled\n    protocol: dynamodb\n    aws:\n"
                + "      region: us-east-1\n      account_id: '123456789012'\n",
            AGENT.replace(
                "  enabled: true\n", "\n  # off:\n      # enabled: no\n  enabled: true"))) {
      assertThat(fitting(text)).as(text).isEqualTo(DATABASES);
      assertThat(chosenFor(text)).as(text).isEqualTo(DATABASES);
    }
    for (var text :
        List.of(
            LONE_PROXY,
            LONE_PROXY.replace("\n", "\r\n"),
            LONE_PROXY.replace("  enabled: true\n", ""),
            LONE_PROXY.replace("  enabled: true\n", "  acme:\n    enabled: no\n"),
            LONE_PROXY + "db_service:\n  enabled: no\nauth_service:\n  enabled: No\n",
            LONE_PROXY.replace(VERSION, "").replace("auth_server:", "auth_servers:"))) {
      assertThat(fitting(text)).as(text).isEqualTo(PROXY);
      assertThat(chosenFor(text)).as(text).isEqualTo(PROXY);
    }
  }

  @Test
  void severalServicesAndFormsThatAreNotPlainGetTheCacheOfAll() throws Exception {
    for (var text :
        List.of(
            VERSION,
            "",
            VERSION + "auth_service:\n  enabled: true\n",
            VERSION + "auth_service:\n  enabled: true\nproxy_service:\n  enabled: no\n",
            VERSION + "db_service:\n  enabled: true\n",
            VERSION
                + "auth_service:\n  cluster_name: a\n  audit:\n    s3:\n      enabled: no\n"
                + "db_service:\n  enabled: true\n",
            AGENT.replace("db_service:\n  enabled: true\n", "db_service: {enabled: true}\n"),
            AGENT.replace("true", "!!str yes"),
            AGENT.replace("true", "&on yes"),
            AGENT.replace("true", ">-\n    yes"),
            "{version: v3, teleport: {proxy_server: 'a:443', auth_token: x}, db_service: {enabled:"
                + " yes}}\n",
            VERSION + "#\n".repeat(1200) + AGENT.substring(VERSION.length()))) {
      assertThat(chosenFor(text)).as(text).isEqualTo(ALL);
    }
  }

  @Test
  void whatIsNoConfigurationDoesNoHarm() throws Exception {
    for (var text :
        List.of(
            "\0\0\1\377\n",
            "db_service:\n  enabled: $(touch made)\n",
            "db_service:\n  enabled: `touch made`\nteleport:\n  proxy_server: ${HOME}\n",
            "*:\n  *\n-n\n\\c\n",
            "db_service:\n  enabled: ../../etc/passwd\n",
            "a".repeat(100_000))) {
      assertThat(chosenFor(text)).as(text).isEqualTo(ALL);
    }
    assertThat(folder.resolve("made")).doesNotExist();
  }

  @Test
  void theFileIsTheOneThatTheProgramReads() throws Exception {
    Files.writeString(folder.resolve("a b.yaml"), AGENT);
    Files.writeString(folder.resolve("-p.yaml"), LONE_PROXY);
    assertThat(chosen("start", "--config", "a b.yaml")).isEqualTo(DATABASES);
    assertThat(chosen("start", "--config=a b.yaml", "-d")).isEqualTo(DATABASES);
    assertThat(chosen("start", "-d", "-ca b.yaml")).isEqualTo(DATABASES);
    assertThat(chosen("start", "-c=-p.yaml", "--pid-file=x")).isEqualTo(PROXY);
    assertThat(chosen("start", "-c", folder.resolve("a b.yaml").toString())).isEqualTo(DATABASES);
    assertThat(chosen("start", "-c", "missing.yaml")).isEqualTo(ALL);
    assertThat(chosen("start", "-c", ".")).isEqualTo(ALL);
    assertThat(chosen("start", "-c")).isEqualTo(ALL);
    assertThat(chosen("version")).isEqualTo(ALL);
    assertThat(chosen("configure", "-c", "a b.yaml")).isEqualTo(ALL);
    assertThat(chosen()).isEqualTo(ALL);
  }

  /// A process substitution of the shell, or a socket of systemd: whoever reads it first has it.
  @Test
  void aPipeIsLeftForTheProgram() throws Exception {
    assertThat(chosen("start", "-c", "/dev/stdin")).isEqualTo(ALL);
    var line = "printf 'db_service:\\n' | { sh " + SCRIPT + " start -c /dev/stdin; cat; }";
    var shell = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true).start();
    var said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).isEqualTo(ALL + "\ndb_service:\n");
  }
}
