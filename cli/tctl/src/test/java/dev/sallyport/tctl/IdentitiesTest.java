package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// As whom tctl acts when nothing, or something wrong, says so.
final class IdentitiesTest {
  @TempDir Path folder;

  private String error(Map<String, String> env, String... args) {
    var err = new ByteArrayOutputStream();
    var status =
        TctlMain.run(
            args,
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            env,
            folder,
            InstantSource.system());
    assertThat(status).isEqualTo(1);
    return err.toString(StandardCharsets.UTF_8);
  }

  private Path config(String text) throws IOException {
    return Files.writeString(folder.resolve("teleport.yaml"), text.formatted(folder));
  }

  @Test
  void onAnAgentWithoutALoginItSaysWhereItWorks() throws IOException {
    var file =
        config(
            """
            version: v3
            teleport:
              nodename: agent
              data_dir: %s
              proxy_server: proxy.example.com:443
              auth_token: abc
            db_service:
              enabled: true
            """);
    assertThat(error(Map.of(), "-c", file.toString(), "status"))
        .isEqualTo(
            "ERROR: tctl must be used on an Auth Service host or provided with credentials by"
                + " logging in with tsh first.\n\n");
  }

  @Test
  void onAnAuthHostThatNeverRanItNamesTheMissingFile() throws IOException {
    var file =
        config(
            """
            version: v3
            teleport:
              data_dir: %s
            auth_service:
              enabled: true
              cluster_name: example.com
            proxy_service:
              enabled: true
            """);
    assertThat(error(Map.of("TELEPORT_CONFIG_FILE", file.toString()), "status"))
        .isEqualTo(
            "ERROR: Could not load Teleport host UUID file at "
                + folder.resolve("host_uuid")
                + ". Please make sure that a Teleport Auth Service instance is running on this host"
                + " prior to using tctl or provide credentials by logging in with tsh first.\n\n");
  }

  @Test
  void aNamedFileThatIsNotThereIsAnError() {
    assertThat(error(Map.of(), "status", "--config=" + folder.resolve("none.yaml")))
        .contains("none.yaml");
    assertThat(error(Map.of(), "-i", folder.resolve("none.pem").toString(), "status"))
        .contains("cannot use identity file");
  }
}
