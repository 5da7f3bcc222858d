package dev.sallyport.tsh.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What shells are given to read does what it says and nothing else.
final class ShellTest {
  private static final String NASTY = "a b'; touch /tmp/never; $(id) `id` \\ \" \u2019 $HOME";

  private static TunnelInfo tunnel(String host, String region) {
    return new TunnelInfo(
        "orders",
        "Role",
        "example.com",
        region,
        new InetSocketAddress(host, 8000),
        Instant.EPOCH,
        Optional.empty());
  }

  /// The shell itself, where it is installed; /bin/sh is everywhere.
  @ParameterizedTest
  @CsvSource({"BASH,/bin/sh", "FISH,/usr/bin/fish", "POWERSHELL,/usr/bin/pwsh"})
  void theShellReadsEachValueAsItIs(Shell shell, Path program) throws Exception {
    assumeTrue(Files.isExecutable(program), program + " is not installed");
    var environment =
        ClientEnvironment.of(
            tunnel("127.0.0.1", NASTY), Map.of("no_proxy", "corp.example, localhost"));
    var script = shell.text(environment) + "env\n";
    var builder = new ProcessBuilder(program.toString(), "-c", script);
    builder.environment().put("AWS_PROFILE", "corporate");
    var process = builder.redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said.lines())
        .contains("AWS_REGION=" + NASTY, "NO_PROXY=localhost,127.0.0.1,corp.example")
        .noneMatch(line -> line.startsWith("AWS_PROFILE="));
  }

  @Test
  void fishAndPowerShellQuoteTheirWay() {
    var environment = new ClientEnvironment(Map.of("A", "it's \\ \u2019"), List.of("B"));
    assertThat(Shell.FISH.text(environment))
        .isEqualTo("set -e B\nset -gx A 'it\\'s \\\\ \u2019'\n");
    assertThat(Shell.POWERSHELL.text(environment))
        .isEqualTo(
            "Remove-Item Env:B -ErrorAction SilentlyContinue\n$env:A = 'it''s \\ \u2019\u2019'\n");
  }

  /// By its rules of tokens, since it is seldom installed where tests run.
  @Test
  void powerShellReadsEachValueAsItIsWhateverItIsMadeOf() {
    var random = new Random(4);
    var alphabet = "'\u2018\u2019\u201a\u201b\u201c\"`$(){};|&#@%=<> \\-aE\u00a0\u2028";
    for (int round = 0; round < 2_000; round++) {
      var value = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        value.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      var environment =
          new ClientEnvironment(
              Map.of("A", value.toString(), "B", NASTY + value), List.of("AWS_PROFILE"));
      var read = PowerShellReading.of(Shell.POWERSHELL.text(environment));
      assertThat(read.set).isEqualTo(environment.set());
      assertThat(read.removed).containsExactly("AWS_PROFILE");
    }
    var whole = ClientEnvironment.of(tunnel("127.0.0.1", NASTY), Map.of());
    assertThat(PowerShellReading.of(Shell.POWERSHELL.text(whole)).set).isEqualTo(whole.set());
  }

  @Test
  void aLineBreakInAValueIsRefused() {
    var environment = new ClientEnvironment(Map.of("A", "x\ntouch /tmp/never"), List.of());
    for (var shell : Shell.values()) {
      assertThatThrownBy(() -> shell.text(environment))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("control character");
    }
  }

  @Test
  void theEnvironmentNamesEveryServiceAndKeepsTheTunnelOutOfProxies() {
    assertThat(ClientEnvironment.of(tunnel("127.0.0.1", "eu-west-3"), Map.of()).set())
        .containsEntry("AWS_ENDPOINT_URL_DYNAMODB", "http://localhost:8000")
        .containsEntry("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "http://localhost:8000")
        .containsEntry("AWS_ENDPOINT_URL_DAX", "http://localhost:8000")
        .containsEntry("AWS_ACCESS_KEY_ID", "tunnel")
        .containsEntry("AWS_REGION", "eu-west-3")
        .containsEntry("AWS_DEFAULT_REGION", "eu-west-3")
        .containsEntry("NO_PROXY", "localhost,127.0.0.1")
        .containsEntry("no_proxy", "localhost,127.0.0.1");
    assertThat(ClientEnvironment.of(tunnel("::1", "x"), Map.of()).set())
        .containsEntry("AWS_ENDPOINT_URL_DYNAMODB", "http://[0:0:0:0:0:0:0:1]:8000")
        .containsEntry("NO_PROXY", "localhost,127.0.0.1,0:0:0:0:0:0:0:1");
    assertThat(
            ClientEnvironment.of(tunnel("127.0.0.1", "x"), Map.of())
                .over(Map.of("AWS_SESSION_TOKEN", "t", "PATH", "/bin")))
        .containsEntry("PATH", "/bin")
        .doesNotContainKey("AWS_SESSION_TOKEN");
  }
}
