package dev.sallyport.proxy.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.AuthPreference;
import dev.sallyport.proxy.browser.FakeBrowserDesk;
import dev.sallyport.proxy.scripts.InstallScripts;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is served below `/scripts`, and the packages that the scripts download.
class InstallScriptsTest {
  private static final String PACKAGE = "sallyport-v1.0.0-linux-amd64-bin.tar.gz";

  @TempDir Path data = Path.of("never");
  private WebServer server;
  private final AtomicLong now = new AtomicLong();
  private final AtomicLong tick = new AtomicLong();
  private String proxy = "proxy.example.com:443";

  @BeforeEach
  void start() throws IOException {
    Files.createDirectory(data.resolve("packages"));
    var desk = new FakeAuthDesk();
    var web =
        new WebRoutes(
            () ->
                new WebFacts("example.com", proxy, "0.0.0.0:443", "1.0.0", AuthPreference.DEFAULT),
            desk,
            new FakeBrowserDesk(),
            InstantSource.system());
    var scripts =
        new InstallScripts(
            new InstallScripts.Facts(() -> proxy, () -> List.of("sha256:ab", "sha256:cd"), "1.0.0"),
            desk,
            data.resolve("packages"),
            () -> now.addAndGet(tick.get()));
    server =
        WebServer.start(
            data,
            all -> {
              web.addTo(all);
              scripts.addTo(all);
            });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String get(String path) throws IOException {
    return RawHttp.exchange(server.http1(), "203.0.113.9", request(path));
  }

  private static String request(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: evil'$(id)\r\nConnection: close\r\n\r\n";
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @Test
  void theScriptTellsTheChecksumOfThePackageThatThisProxyServes() throws IOException {
    assertThat(body(get("/scripts/install.sh"))).contains("\nsum_amd64=''\n");
    var file = Files.writeString(data.resolve("packages").resolve(PACKAGE), "first");
    assertThat(body(get("/scripts/install.sh")))
        .startsWith("#!/bin/sh\n")
        .contains("\nproxy='proxy.example.com:443'\n")
        .contains("\nversion='1.0.0'\n")
        .contains(
            "\nsum_amd64='a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e'\n")
        .doesNotContain("evil");
    assertThat(body(get("/webapi/packages/" + PACKAGE))).isEqualTo("first");
    Files.writeString(file, "another one");
    assertThat(body(get("/scripts/install.sh"))).doesNotContain("a7937b64").contains("sum_amd64='");
    Files.writeString(file.resolveSibling(PACKAGE + ".sha256"), "0".repeat(64) + "  " + PACKAGE);
    assertThat(body(get("/scripts/install.sh"))).contains("\nsum_amd64=''\n");
  }

  @Test
  void whoReadsTooSlowlyLosesThePlace() throws IOException {
    Files.write(data.resolve("packages").resolve(PACKAGE), new byte[300_000]);
    assertThat(body(get("/webapi/packages/" + PACKAGE))).hasSize(300_000);
    tick.set(TimeUnit.MINUTES.toNanos(1));
    assertThat(body(get("/webapi/packages/" + PACKAGE))).hasSizeLessThan(300_000);
  }

  @Test
  void oneAddressDoesNotTakeThePlacesOfAll() throws IOException {
    Files.write(data.resolve("packages").resolve(PACKAGE), new byte[8 << 20]);
    var slow = new ArrayList<SocketChannel>();
    try {
      for (int i = 0; i < 4; i++) {
        slow.add(
            RawHttp.begin(server.http1(), "203.0.113.9", request("/webapi/packages/" + PACKAGE)));
      }
      assertThat(get("/webapi/packages/" + PACKAGE)).startsWith("HTTP/1.1 429");
      assertThat(
              body(
                  RawHttp.exchange(
                      server.http1(), "203.0.113.10", request("/webapi/packages/" + PACKAGE))))
          .hasSize(8 << 20);
    } finally {
      for (var one : slow) {
        one.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/scripts/other.sh",
        "/scripts/good/install-node.sh",
        "/webapi/packages/..%2f..%2fetc%2fpasswd",
        "/webapi/packages/sallyport-v1.0.0-linux-arm64-bin.tar.gz",
        "/webapi/packages/" + PACKAGE + ".sha256"
      })
  void nothingElseIsThere(String path) throws IOException {
    assertThat(get(path)).matches("(?s)HTTP/1.1 40[04] .*").doesNotContain("root:");
  }

  @Test
  void aTokenThatNamesNoLabelsGetsAScriptThatSaysSo() throws IOException {
    var answer = get("/scripts/good-for-nothing/install-database.sh");
    assertThat(answer).startsWith("HTTP/1.1 400");
    assertThat(body(answer))
        .contains("suggested_agent_matcher_labels")
        .endsWith(" >&2\nexit 1\n")
        .doesNotContain("*=*");
  }

  @Test
  void theScriptOfADatabaseServiceHasTokenPinAndLabelsAsWords() throws IOException {
    var answer = get("/scripts/good-token/install-database.sh");
    assertThat(answer).startsWith("HTTP/1.1 200");
    assertThat(body(answer))
        .contains("\ntoken='good-token'\n")
        .contains("\npins='sha256:ab sha256:cd'\n")
        .contains(" '--dynamic-resources-labels=env=dev'\n");
  }

  @Test
  void aTokenThatIsNotTakenIsToldByAScriptThatFails() throws IOException, InterruptedException {
    var answer = get("/scripts/gone/install-database.sh");
    assertThat(answer).startsWith("HTTP/1.1 403");
    var shell = new ProcessBuilder("sh", "-s").redirectErrorStream(true).start();
    try (var in = shell.getOutputStream()) {
      in.write(body(answer).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("install: the token's not valid\n");
    assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(shell.exitValue()).isEqualTo(1);
  }

  /// Row S4: what is in an address never becomes a command.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "good'; touch PWNED; '",
        "good$(touch PWNED)",
        "good`touch PWNED`",
        "good\ntouch PWNED\n",
        "good@PINS@",
        "good@TOKEN@@MATCHERS@",
        "good\\'",
        "good\"",
        "good\u0000x",
        "good \u00e9"
      })
  void aTokenNeverBecomesACommand(String token) throws IOException, InterruptedException {
    proxy = "@VERSION@'@SUM_AMD64@\n$(touch PWNED):443";
    var path = URLEncoder.encode(token, StandardCharsets.UTF_8).replace("+", "%20");
    var answer = get("/scripts/" + path + "/install-database.sh");
    if (!answer.startsWith("HTTP/1.1 200")) {
      assertThat(answer).matches("(?s)HTTP/1.1 40[034] .*");
      return;
    }
    // The assignments alone, then what they made.
    var script =
        body(answer)
            .replaceAll(
                "(?m)^main \"\\$@\"$", "printf '%s|%s|%s' \"\\$token\" \"\\$proxy\" \"\\$pins\"");
    var shell =
        new ProcessBuilder("sh", "-s").directory(data.toFile()).redirectErrorStream(true).start();
    try (var in = shell.getOutputStream()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(token + "|" + proxy + "|sha256:ab sha256:cd");
    assertThat(shell.waitFor()).isZero();
    assertThat(data.resolve("PWNED")).doesNotExist();
  }
}
