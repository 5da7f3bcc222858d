package dev.sallyport.tsh.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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

  @Test
  void bashReadsEachValueAsItIs() throws Exception {
    var environment =
        ClientEnvironment.of(
            tunnel("127.0.0.1", NASTY), Map.of("no_proxy", "corp.example, localhost"));
    var script = Shell.BASH.text(environment) + "printf '%s|' \"$AWS_REGION\" \"$NO_PROXY\"\n";
    var builder = new ProcessBuilder("/bin/sh", "-c", script + "echo \"${AWS_PROFILE-none}\"");
    builder.environment().put("AWS_PROFILE", "corporate");
    var shell = builder.redirectErrorStream(true).start();
    var said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).isEqualTo(NASTY + "|localhost,127.0.0.1,corp.example|none\n");
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
