package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.JoinMethod;
import dev.sallyport.resources.config.TeleportFile;
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
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/// What the flags of `teleport start` change.
final class StartFlagsTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path folder = Path.of("never");
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private final PrintStream told = new PrintStream(err, true, StandardCharsets.UTF_8);

  @Test
  void flagsReplaceWhatTheFileSays() throws Exception {
    var text = "version: v3\nteleport: {nodename: of-the-file, auth_token: of-the-file}\n";
    var file = TeleportFile.read(text, "teleport.yaml");
    var command = new StartCommand(new Surroundings(told, told, Map.of(), CLOCK, new Reloads()));
    new CommandLine(command).parseArgs();
    assertThat(command.overridden(file)).isEqualTo(file);
    new CommandLine(command).parseArgs("--nodename=of-the-flag");
    var teleport = command.overridden(file).teleport();
    assertThat(teleport.nodename()).contains("of-the-flag");
    assertThat(teleport.join()).isEqualTo(file.teleport().join());
    new CommandLine(command).parseArgs("--token=of-aws", "--join-method=iam");
    var join = command.overridden(file).teleport().join().orElseThrow();
    assertThat(join.method()).isEqualTo(JoinMethod.IAM);
    assertThat(join.token().read()).isEqualTo("of-aws");
  }

  @Test
  void aJoinMethodIsOneThatThereIsAndHasAToken() throws IOException {
    assertThat(failed("start", "--join-method=gcp"))
        .contains("\"gcp\" is not supported by this version, supported are: [token, iam");
    assertThat(failed("start", "--join-method=iam")).contains("needs --token");
  }

  private String failed(String... arguments) {
    err.reset();
    assertThat(Teleport.run(arguments, told, told, Map.of(), CLOCK)).isOne();
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void debugLogsMoreAndToTheErrorStream() throws IOException {
    var nowhere = Files.createFile(folder.resolve("no-folder")).resolve("teleport.log");
    var file =
        Files.writeString(
                folder.resolve("teleport.yaml"),
                """
                version: v3
                teleport:
                  data_dir: "%s"
                  auth_server: "127.0.0.1:1"
                  log: {output: "%s", severity: ERROR}
                proxy_service: {enabled: yes, web_listen_addr: "127.0.0.1:0"}
                """
                    .formatted(folder.resolve("data"), nowhere))
            .toString();
    assertThat(failed("start", "-c", file)).contains("log.output: can't write " + nowhere);
    for (var flag : new String[] {"-d", "--debug"}) {
      // It comes to what is wrong next, for nothing is logged to the file.
      assertThat(failed("start", "-c", file, flag)).contains("no auth_token");
      assertThat(LoggerFactory.getLogger("dev.sallyport.Anything").isDebugEnabled()).isTrue();
    }
    Files.writeString(
        Path.of(file), Files.readString(Path.of(file)).replace("" + nowhere, "stderr"));
    assertThat(failed("start", "-c", file)).contains("no auth_token");
    assertThat(LoggerFactory.getLogger("dev.sallyport.Anything").isInfoEnabled()).isFalse();
  }
}
