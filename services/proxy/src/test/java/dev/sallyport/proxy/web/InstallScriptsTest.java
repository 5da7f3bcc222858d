package dev.sallyport.proxy.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.JoinMethod;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is served below `/scripts`, and the packages that the scripts download.
class InstallScriptsTest {
  private static final String HOSTILE_PROXY = "@VERSION@'@SUM_AMD64@\n$(touch PWNED):443";
  private static final String PACKAGE = "sallyport-v1.0.0-linux-amd64-bin.tar.gz";

  @TempDir Path data = Path.of("never");
  private WebServer server;
  private final AtomicLong now = new AtomicLong();
  private final AtomicLong tick = new AtomicLong();
  private final FakeAuthDesk desk = new FakeAuthDesk();
  private String proxy = "proxy.example.com:443";

  @BeforeEach
  void start() throws IOException {
    Files.createDirectory(data.resolve("packages"));
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

  /// The name of another method's token is no secret: it goes into the file as it is.
  @Test
  void theScriptTellsHowTheTokenLetsHostsIn() throws IOException {
    assertThat(body(get("/scripts/good-token/install-database.sh"))).contains("\nmethod='token'\n");
    desk.method = JoinMethod.IAM;
    assertThat(body(get("/scripts/good-token/install-database.sh")))
        .contains("\ntoken='good-token'\nmethod='iam'\n")
        .contains(" --join-method=\"$method\" --token=\"$token\" ");
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
        "good\u0000x",
        "good \u00e9"
      })
  void aTokenWithBlanksIsRefusedBeforeThereIsAScript(String token) throws IOException {
    assertThat(get(address(token))).matches("(?s)HTTP/1.1 40[034] .*").doesNotContain("touch");
  }

  /// The same, of tokens that could be some, which reach the shell.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "good",
        "good';touch${IFS}PWNED;'",
        "good'\"'\"';touch${IFS}PWNED;#",
        "good$(touch${IFS}PWNED)",
        "good`touch${IFS}PWNED`",
        "good\"$(touch${IFS}PWNED)\"",
        "good'||touch${IFS}PWNED||'",
        "good;touch${IFS}PWNED",
        "good&touch${IFS}PWNED&",
        "good>PWNED",
        "good@PINS@",
        "good@TOKEN@@MATCHERS@",
        "good\\'",
        "good\\",
        "good\"",
        "good!!",
        "good*"
      })
  void aTokenNeverBecomesACommand(String token) throws IOException, InterruptedException {
    proxy = HOSTILE_PROXY;
    var answer = get(address(token));
    assertThat(answer).startsWith("HTTP/1.1 200");
    assertThat(told(body(answer), "\"$token\" \"$proxy\" \"$pins\""))
        .isEqualTo(token + "|" + proxy + "|sha256:ab sha256:cd|");
  }

  /// Nor does what a token's maker wrote as labels, which may have blanks.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "';touch PWNED;'",
        "$(touch PWNED)",
        "`touch PWNED`",
        "'; touch${IFS}PWNED #",
        "a' 'b",
        "* ?",
        "@TOKEN@@PINS@",
        "\\",
        "\"\\\"$(touch PWNED)",
        "--config"
      })
  void aLabelNeverBecomesACommand(String text) throws IOException, InterruptedException {
    desk.labels = Map.of(text, List.of(text));
    var answer = get(address("good"));
    assertThat(answer).startsWith("HTTP/1.1 200");
    var script = body(answer);
    // The line where they stand is in a function: it is run as it is, alone.
    var line = script.lines().filter(one -> one.contains("--dynamic-resources-labels=")).toList();
    assertThat(line).hasSize(1);
    assertThat(
            told(
                script.replaceAll("(?m)^main \"\\$@\"$", "")
                    + "\n"
                    + line.getFirst()
                    + "\nmain \"$@\"\n",
                "\"$#\" \"$5\""))
        .isEqualTo("5|--dynamic-resources-labels=" + text + "=" + text + "|");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b", "a=b", "a\nb", "", "a\u0000b"})
  void aLabelThatIsNoWordOfAListIsRefused(String text) throws IOException {
    desk.labels = Map.of("env", List.of(text));
    assertThat(get(address("good"))).startsWith("HTTP/1.1 400");
    desk.labels = Map.of(text, List.of("dev"));
    assertThat(get(address("good"))).startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {HOSTILE_PROXY, "';touch${IFS}PWNED;':443", "`touch PWNED`", "\\", "p';exit 3;'"})
  void theProxysNameNeverBecomesACommand(String name) throws IOException, InterruptedException {
    proxy = name;
    var answer = get("/scripts/install.sh");
    assertThat(answer).startsWith("HTTP/1.1 200");
    assertThat(told(body(answer), "\"$proxy\" \"$version\"")).isEqualTo(name + "|1.0.0|");
  }

  /// As they are filled: a shell reads them to their end, and a linter has nothing to say.
  @ParameterizedTest
  @ValueSource(strings = {"/scripts/install.sh", "/scripts/good-token/install-database.sh"})
  void theScriptsAreWellFormed(String path) throws IOException, InterruptedException {
    for (var name : List.of(proxy, HOSTILE_PROXY)) {
      proxy = name;
      var script = Files.writeString(data.resolve("script.sh"), body(get(path)));
      assertThat(output("", "bash", "-n", script.toString())).isEmpty();
      assertThat(output("", "sh", "-n", script.toString())).isEmpty();
    }
    var linted =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "shellcheck")));
    if (linted) {
      proxy = "proxy.example.com:443";
      var script = Files.writeString(data.resolve("script.sh"), body(get(path)));
      assertThat(output("", "shellcheck", script.toString())).isEmpty();
    }
  }

  private static String address(String token) {
    return "/scripts/"
        + URLEncoder.encode(token, StandardCharsets.UTF_8).replace("+", "%20")
        + "/install-database.sh";
  }

  /// What the script's assignments made, with `|` behind each; nothing of it is run otherwise.
  private String told(String script, String words) throws IOException, InterruptedException {
    var begin = "main \"$@\"\n";
    assertThat(script).endsWith(begin);
    var told =
        output(
            script.substring(0, script.length() - begin.length()) + "printf '%s|' " + words + "\n",
            "sh",
            "-s");
    try (var left = Files.list(data)) {
      assertThat(left.map(file -> String.valueOf(file.getFileName()))).doesNotContain("PWNED");
    }
    return told;
  }

  private String output(String input, String... command) throws IOException, InterruptedException {
    var shell = new ProcessBuilder(command).directory(data.toFile()).redirectErrorStream(true);
    var running = shell.start();
    try (var in = running.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var told = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor()).as(told).isZero();
    return told;
  }
}
