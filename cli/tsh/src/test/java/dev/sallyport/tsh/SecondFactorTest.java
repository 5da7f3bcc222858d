package dev.sallyport.tsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Codes in the terminal, keys in the browser, and the devices themselves.
final class SecondFactorTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir Path home = Path.of("never");
  private final FakeClusters clusters = new FakeClusters(() -> NOW);
  private ByteArrayOutputStream out = new ByteArrayOutputStream();
  private ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void clear() {
    out = new ByteArrayOutputStream();
    err = new ByteArrayOutputStream();
  }

  private int tsh(String input, String... args) {
    clear();
    return TshMain.run(console(input), clusters, args);
  }

  private Console console(String input) {
    return new Console(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of("TELEPORT_LOGIN_BROWSER", "none"),
        home,
        () -> NOW);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private int login(String input) {
    return tsh(input, "login", "--proxy=127.0.0.1:9", "--user=alice");
  }

  @Test
  void codeIsAskedForAfterThePassword() {
    clusters.code = Optional.of("123456");
    assertThat(login("correct horse\n654321\n")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            """
            Enter password for Teleport user alice:

            Enter an OTP code from a device:

            ERROR: invalid username, password or second factor

            """);
    assertThat(login("correct horse\n123456\n")).as(err()).isZero();
    assertThat(out()).startsWith("> Profile URL:");
  }

  @Test
  void browserSignsInWhereOnlyKeysAreTaken() throws Exception {
    clusters.keyOnly = true;
    Callable<Integer> command =
        () -> TshMain.run(console(""), clusters, "login", "--proxy=127.0.0.1:9", "--user=alice");
    var task = new FutureTask<>(command);
    Thread.ofPlatform().start(task);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> err().contains("https://127.0.0.1:9/web/login?console=id"));
    var start = clusters.browsers.started.getFirst();
    assertThat(start.user()).contains("alice");
    assertThat(start.client().program()).startsWith("tsh ");
    // What was not sealed to this tool does not end the wait.
    assertThat(clusters.browsers.visit("/callback?response=AAAA")).isEqualTo(400);
    assertThat(clusters.browsers.visit("/")).isEqualTo(400);
    var sealed = clusters.browsers.sealed(clusters.approved(start));
    assertThat(clusters.browsers.visit("/callback?response=" + sealed)).isEqualTo(200);
    assertThat(task.get()).as(err()).isZero();
    assertThat(out()).contains("Logged in as:       alice");
    assertThat(err()).doesNotContain("password");
  }

  @Test
  void rejectionEndsTheSignIn() throws Exception {
    Callable<Integer> command =
        () ->
            TshMain.run(
                console(""), clusters, "login", "--proxy=127.0.0.1:9", "--auth=passwordless");
    var task = new FutureTask<>(command);
    Thread.ofPlatform().start(task);
    await().atMost(Duration.ofSeconds(30)).until(() -> err().contains("/web/login?console=id"));
    assertThat(clusters.browsers.visit("/callback?error=rejected")).isEqualTo(200);
    assertThat(task.get()).isEqualTo(1);
    assertThat(err()).endsWith("ERROR: the request was rejected in the browser\n\n");
    assertThat(home.resolve(".tsh")).doesNotExist();
  }

  @Test
  void devicesAreAddedListedAndRemoved() {
    assertThat(login("correct horse\n")).isZero();
    assertThat(tsh("correct horse\n123456\n", "mfa", "add", "--type=totp", "--name=phone"))
        .as(err())
        .isZero();
    assertThat(out()).contains("otpauth://totp/x", "ABCD", "MFA device \"phone\" added.\n");
    assertThat(tsh("", "mfa", "ls")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            Name  Type Added at                     Last used
            ----- ---- ---------------------------- ---------
            phone TOTP Tue, 1 Jan 2030 00:00:00 GMT never
            """);
    assertThat(tsh("", "mfa", "ls", "-v")).isZero();
    assertThat(out()).contains("id-phone");
    assertThat(tsh("", "mfa", "ls", "-f", "json")).isZero();
    assertThat(out()).contains("\"id\": \"id-phone\"", "\"type\": \"totp\"");
    assertThat(tsh("", "mfa", "rm", "tablet")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: device \"tablet\" not found\n\n");
    assertThat(tsh("000000\n", "mfa", "rm", "phone")).isEqualTo(1);
    assertThat(err()).contains("Enter an OTP code from a device:", "ERROR: invalid second factor");
    assertThat(tsh("123456\n", "mfa", "rm", "phone")).isZero();
    assertThat(out()).isEqualTo("MFA device \"phone\" removed.\n");
    assertThat(clusters.factors.devices).isEmpty();
  }

  @Test
  void wrongWishesAreTold() {
    assertThat(tsh("", "login", "--proxy=127.0.0.1:9", "--user=alice", "--mfa-mode=smoke"))
        .isEqualTo(1);
    assertThat(err()).contains("invalid --mfa-mode \"smoke\"");
    assertThat(login("correct horse\n")).isZero();
    assertThat(tsh("", "mfa", "add", "--type=webauthn")).isEqualTo(1);
    assertThat(err()).contains("https://127.0.0.1:9/web");
    assertThat(tsh("", "mfa", "add", "--type=smoke")).isEqualTo(1);
    assertThat(err()).contains("expected: TOTP or WEBAUTHN");
  }
}
