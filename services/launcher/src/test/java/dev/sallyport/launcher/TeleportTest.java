package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TeleportTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return Teleport.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of(),
        InstantSource.system());
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("teleport.yaml"), text);
  }

  private String cluster(String more) {
    return """
    version: v3
    teleport:
      data_dir: %s
    auth_service:
      enabled: yes
      cluster_name: example.com
      listen_addr: 127.0.0.1:0
    proxy_service:
      enabled: yes
      web_listen_addr: 127.0.0.1:0
    %s
    """
        .formatted(folder.resolve("data"), more);
  }

  @Test
  void versionIsOneLineAndRawIsTheNumber() {
    assertThat(run("version")).isZero();
    assertThat(out()).matches("Sallyport v1\\.0\\.0 java25\\S*\\R");
    out.reset();
    assertThat(run("version", "--raw")).isZero();
    assertThat(out()).isEqualTo("1.0.0" + System.lineSeparator());
  }

  @Test
  void aGoodFileIsOk() throws IOException {
    var good = file(cluster(""));
    assertThat(run("configure", "--test", good.toString())).isZero();
    assertThat(err()).contains("OK " + good);
  }

  @Test
  void everyFaultOfAFileIsToldWithLineAndField() throws IOException {
    var bad =
        file(
            """
            version: v3
            teleport:
              data_dirr: /tmp/x
              proxy_server: proxy.example.com:443
            db_service:
              enabled: yes
              databases:
              - name: example-dynamodb
                protocol: dynamodb
                uri: dynamodb.eu-west-1.amazonaws.com:443
                aws:
                  region: us-east-1
                  account_id: "123456789012"
            """);
    for (var command :
        new String[][] {{"configure", "--test", bad.toString()}, {"start", "-c", bad.toString()}}) {
      err.reset();
      assertThat(run(command)).isEqualTo(1);
      assertThat(err())
          .contains("ERROR: " + bad)
          .contains("line 3, column 3: teleport.data_dirr: unknown key, did you mean")
          .contains("does not match the configured URI region");
    }
    run("configure", "--test", bad.toString());
    assertThat(err()).contains("FAIL " + bad);
  }

  @Test
  void textThatIsNoYamlNamesItsLine() throws IOException {
    var bad = file("version: v3\nteleport: [\n");
    assertThat(run("start", "-c", bad.toString())).isEqualTo(1);
    assertThat(err()).startsWith("ERROR: " + bad).doesNotContain("\tat ");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(run("start", "-c", folder.resolve("none.yaml").toString())).isEqualTo(1);
    assertThat(err()).startsWith("ERROR: ").contains("none.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth_server: 127.0.0.1:1 | '' | no auth_token; make one on the Auth host with 'tctl tokens"
            + " add --type=proxy'",
        "auth_server: 127.0.0.1:1, auth_token: secret | '' | set teleport.ca_pin to what 'tctl"
            + " status' prints",
        "auth_server: 127.0.0.1:1, auth_token: secret, ca_pin: nonsense | '' | teleport.ca_pin: ",
        "auth_server: 127.0.0.1:1 | 'db_service: {enabled: yes}' | next to proxy_service it needs"
            + " auth_service"
      })
  void aProxyWithoutAuthSaysWhatItNeeds(String teleport, String more, String message)
      throws IOException {
    var data = folder.resolve("data");
    var file =
        file(
            """
            version: v3
            teleport: {data_dir: "%s", %s}
            proxy_service: {enabled: yes, web_listen_addr: "127.0.0.1:0"}
            %s
            """
                .formatted(data, teleport, more));
    assertThat(run("start", "-c", file.toString())).isEqualTo(1);
    assertThat(err()).startsWith("ERROR: ").contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--roles=proxy",
        "-r",
        "--auth-server=x",
        "--diag-addr=127.0.0.1:1",
        "--insecure",
        "--fips",
        "--apply-on-startup=f",
        "--bootstrap",
        "--advertise-ip=1.2.3.4",
        "--labels=a=b",
        "--insecure-no-tls"
      })
  void aFlagThatDoesNotExistYetSaysSo(String flag) {
    assertThat(run("start", flag)).isEqualTo(1);
    assertThat(err()).contains("is not supported by this version");
  }

  @Test
  void anUnknownFlagAndNoCommandAreErrors() {
    assertThat(run("start", "--nonsense")).isEqualTo(1);
    assertThat(err()).contains("unknown flag --nonsense");
    err.reset();
    assertThat(run()).isEqualTo(1);
    assertThat(err()).contains("start, configure, db, install, version");
  }

  @Test
  void helpTellsTheFlagsOfACommand() {
    assertThat(run("--help")).isZero();
    assertThat(out()).startsWith("Usage: teleport ").contains("start", "configure", "version");
    out.reset();
    assertThat(run("start", "--help")).isZero();
    assertThat(out()).startsWith("Usage: teleport start ").contains("--config=FILE", "--pid-file");
    out.reset();
    assertThat(run("configure", "-h")).isZero();
    assertThat(out()).contains("--test=FILE");
    assertThat(err()).isEmpty();
  }

  @Test
  void flagsWinOverTheFile() throws IOException {
    var agent =
        file(
            """
            version: v3
            teleport: {data_dir: "%s", auth_server: "127.0.0.1:1"}
            proxy_service: {enabled: yes, web_listen_addr: "127.0.0.1:0"}
            """
                .formatted(folder.resolve("data")));
    assertThat(run("start", "-c", agent.toString())).isEqualTo(1);
    assertThat(err()).contains("no auth_token");
    err.reset();
    assertThat(run("start", "-c", agent.toString(), "--token=secret")).isEqualTo(1);
    assertThat(err()).contains("set teleport.ca_pin to");
    err.reset();
    assertThat(run("start", "-c", agent.toString(), "--token", "secret", "--ca-pin=flag"))
        .isEqualTo(1);
    assertThat(err()).contains("teleport.ca_pin: a CA pin is");
    err.reset();
    assertThat(run("start", "--skip-version-check", "--no-debug-service", "-c", agent.toString()))
        .isEqualTo(1);
    assertThat(err()).contains("no auth_token");
    err.reset();
    var nowhere = folder.resolve("none").resolve("teleport.pid");
    assertThat(run("start", "-c", file(cluster("")).toString(), "--pid-file=" + nowhere))
        .isEqualTo(1);
    assertThat(err()).contains("ERROR: can't write the pid file " + nowhere);
  }

  @Test
  void aTakenPortIsToldWithServiceAddressAndKey() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var address = "127.0.0.1:" + taken.getLocalPort();
      var text = cluster("");
      var authTaken =
          file(
              text.replace(
                  "listen_addr: 127.0.0.1:0\nproxy", "listen_addr: " + address + "\nproxy"));
      assertThat(run("start", "-c", authTaken.toString())).isEqualTo(1);
      assertThat(err())
          .contains("ERROR: the Auth Service can't listen on " + address)
          .contains("auth_service.listen_addr");
      err.reset();
      var proxyTaken =
          file(text.replace("web_listen_addr: 127.0.0.1:0", "web_listen_addr: " + address));
      assertThat(run("start", "-c", proxyTaken.toString())).isEqualTo(1);
      assertThat(err())
          .contains("ERROR: the Proxy Service can't listen on " + address)
          .contains("proxy_service.web_listen_addr");
      err.reset();
      var diagnosticsTaken =
          file(text.replace("teleport:\n", "teleport:\n  diag_addr: " + address + "\n"));
      assertThat(run("start", "-c", diagnosticsTaken.toString())).isEqualTo(1);
      assertThat(err())
          .contains("ERROR: diagnostics can't listen on " + address)
          .contains("teleport.diag_addr");
    }
  }

  @Test
  void aKeyPairThatIsNotThereIsTold() throws IOException {
    var pair = "  https_keypairs: [{key_file: /nowhere/key.pem, cert_file: /nowhere/cert.pem}]";
    var file = file(cluster(pair));
    assertThat(run("start", "-c", file.toString())).isEqualTo(1);
    assertThat(err()).contains("https_keypairs[0].cert_file").contains("/nowhere/cert.pem");
  }
}
